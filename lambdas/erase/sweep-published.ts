import { createHash } from 'node:crypto';
import { latestManifestKey, publishedZone } from '../lake/zones.ts';
import type { ObjectStore, StoredObject } from '../platform/object-store.ts';
import { csvRecords } from './csv-records.ts';
import type { Sought } from './sought.ts';

/** A published file that held, or may have held, an erased person. */
export interface SweptFile {
  readonly file: string;
  /** Records taken out; null where the file does not say who they are, and is withdrawn as a whole. */
  readonly records: number | null;
}

/** What takes a file's place: another one under another name, or nothing. */
interface Replacement {
  readonly key: string;
  readonly records: number;
  readonly bytes: number;
  readonly sha256: string;
}

const textOf = ({ body }: StoredObject): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A CSV without the records of people who are looked for; null where no column says whose record each is. */
function withoutSought(csv: string, sought: Sought): { csv: string; records: number } | null {
  const records = csvRecords(csv);
  const header = records.next();
  const column = header.done ? -1 : header.value.cells.indexOf('customer_key');
  if (header.done || column < 0) return null;
  const kept = [header.value.text];
  let gone = 0;
  for (const { text, cells } of records) {
    if (sought.has(cells[column] ?? '')) gone++;
    else kept.push(text);
  }
  return { csv: kept.join(''), records: gone };
}

/** The key of a file's replacement: readers of the old manifest find the old file, those of the new one the new. */
const replacementKey = (key: string, sha256: string): string =>
  key.replace(/(-[0-9a-f]{8})?(\.[^./]+)$/, `-${sha256.slice(0, 8)}$2`);

/** Writes what takes the place of a file without its erased people. @returns null where none of them is in it */
async function replaceFile(
  store: ObjectStore,
  key: string,
  { csv, records }: { readonly csv: string; readonly records: number },
  sought: Sought,
  isDry: boolean,
): Promise<Replacement | null> {
  if (records === 0) return null;
  const body = bytesOf(csv);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const replacement = { key: replacementKey(key, sha256), records, bytes: body.byteLength, sha256 };
  if (!isDry) {
    await sought.recordMet();
    await store.write(replacement.key, body);
  }
  return replacement;
}

/** A manifest in which every file that was replaced has its new name, size and hash, and no withdrawn one is named. */
function amended(part: unknown, changes: ReadonlyMap<string, Replacement | null>): unknown {
  if (part === null || typeof part !== 'object') return part;
  const isWithdrawn = (one: unknown): boolean =>
    one !== null &&
    typeof one === 'object' &&
    Object.values(one).some((value) => typeof value === 'string' && changes.get(value) === null);
  if (Array.isArray(part)) return part.filter((one) => !isWithdrawn(one)).map((one) => amended(one, changes));
  const members = Object.entries(part).map(([name, value]) => [name, amended(value, changes)] as const);
  const named = members.find(([, value]) => typeof value === 'string' && changes.get(value));
  const replacement = named && changes.get(named[1] as string);
  if (!named || !replacement) return Object.fromEntries(members);
  const { key, records, bytes, sha256 } = replacement;
  return Object.fromEntries(
    members.map(([name, value]) => {
      if (name === named[0]) return [name, key];
      if (name === 'rows' && typeof value === 'number') return [name, value - records];
      return [name, name === 'bytes' ? bytes : name === 'sha256' ? sha256 : value];
    }),
  );
}

/** Replaces the manifest of a night, and where that night is the current one, the latest manifest as well. */
async function amendManifest(
  store: ObjectStore,
  folder: string,
  changes: ReadonlyMap<string, Replacement | null>,
): Promise<void> {
  const key = `${folder}manifest.json`;
  const manifest = await store.read(key);
  if (!manifest) return;
  const before = textOf(manifest);
  const after = `${JSON.stringify(amended(JSON.parse(before), changes), null, 2)}\n`;
  if (after !== before) await store.write(key, bytesOf(after), { ifMatch: manifest.etag });
  const latest = await store.read(latestManifestKey);
  if (!latest) return;
  const { run_id, as_of } = JSON.parse(textOf(latest)) as Readonly<Record<string, unknown>>;
  const isCurrent = folder === `${publishedZone}${as_of}/${run_id}/`;
  if (isCurrent && textOf(latest) !== after) {
    await store.write(latestManifestKey, bytesOf(after), { ifMatch: latest.etag });
  }
}

const tableRow = /<tr\b[^>]*>(?:(?!<\/tr>)[\s\S])*<\/tr>\n?/g;
const pseudonym = /\b[0-9a-f]{32}\b/g;

/** A report without the rows of these people. */
async function sweepReport(store: ObjectStore, key: string, sought: Sought, isDry: boolean) {
  const found = await store.read(key);
  if (!found) return 0;
  const names = (text: string): boolean => (text.match(pseudonym) ?? []).filter((name) => sought.has(name)).length > 0;
  const page = textOf(found);
  if (!names(page)) return 0;
  let rows = 0;
  const cut = page.replace(tableRow, (row) => {
    if (!names(row)) return row;
    rows++;
    return '';
  });
  const after = cut.replace(pseudonym, (name) => (sought.has(name) ? 'erased' : name));
  if (!isDry) {
    await sought.recordMet();
    await store.write(key, bytesOf(after), { ifMatch: found.etag });
  }
  return Math.max(rows, 1);
}

/** What becomes of the files of one list. */
interface SweptList {
  /** Files that say whose record is whose, and held an erased person. */
  readonly replaced: ReadonlyMap<string, Replacement>;
  readonly withdrawn: readonly string[];
}

/** Files that do not say who is in them hold those whom another file of the same list names. */
async function sweepList(
  store: ObjectStore,
  files: readonly string[],
  sought: Sought,
  isDry: boolean,
): Promise<SweptList> {
  const replaced = new Map<string, Replacement>();
  const nameless: string[] = [];
  let isNamed = false;
  for (const file of files) {
    const found = await store.read(file);
    if (!found) continue;
    const rest = file.endsWith('.csv') ? withoutSought(textOf(found), sought) : null;
    if (!rest) nameless.push(file);
    else {
      isNamed = true;
      const replacement = await replaceFile(store, file, rest, sought, isDry);
      if (replacement) replaced.set(file, replacement);
    }
  }
  return { replaced, withdrawn: isNamed && replaced.size === 0 ? [] : nameless };
}

const listOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);

/**
 * Takes people out of everything that a night published: new files first, then the manifest that names them, then the old
 * files go. So whoever reads a manifest finds its files, and they have the hashes that it names. Lists that say whose
 * record is whose are written anew without those records; files of the same list that do not, such as uploads of hashes,
 * are withdrawn. Figures of the lists stay those of the night.
 * @param folder of the night
 */
export async function sweepNight(
  store: ObjectStore,
  folder: string,
  sought: Sought,
  isDry: boolean,
): Promise<SweptFile[]> {
  const swept: SweptFile[] = [];
  const lists = new Map<string, string[]>();
  const files: string[] = [];
  for await (const { key } of store.list(folder)) files.push(key);
  for (const file of files) {
    if (listOf(file) !== folder) lists.set(listOf(file), [...(lists.get(listOf(file)) ?? []), file]);
    else if (file.endsWith('.html')) {
      const records = await sweepReport(store, file, sought, isDry);
      if (records > 0) swept.push({ file, records });
    }
  }
  const changes = new Map<string, Replacement | null>();
  const old: string[] = [];
  for (const list of lists.values()) {
    const { replaced, withdrawn } = await sweepList(store, list, sought, isDry);
    for (const file of withdrawn) {
      changes.set(file, null);
      swept.push({ file, records: null });
    }
    for (const [file, replacement] of replaced) {
      changes.set(file, replacement);
      swept.push({ file, records: replacement.records });
    }
    // by the file that names people it is known that the others are to go: it goes last
    old.push(...withdrawn, ...replaced.keys());
  }
  if (isDry) return swept;
  await amendManifest(store, folder, changes);
  for (const file of old) await store.remove(file);
  return swept;
}

/** Folders of all nights that published something. */
export async function publishedFolders(store: ObjectStore): Promise<string[]> {
  const folders = new Set<string>();
  for await (const { key } of store.list(publishedZone)) {
    const [folder] = /^published\/[^/]+\/[^/]+\//.exec(key) ?? [];
    if (folder) folders.add(folder);
  }
  return [...folders];
}
