import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { latestManifestKey } from '../../lambdas/lake/zones.ts';
import { type ExitCode, exitCodes, LakeAccessError, NothingToDo, UsageError } from '../../lambdas/platform/errors.ts';
import { readJson } from '../../lambdas/platform/json-objects.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { makeFolder } from '../../lambdas/platform/local/make-folder.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import type { Manifest, PublishedList } from '../../lambdas/publish/manifest.ts';
import { methodName } from '../../lambdas/wording/names.ts';
import { type Arguments, type Command, jsonOption, lakeOption } from '../command.ts';
import { lakeFolder } from '../local-lake.ts';
import { counted, plural, type Terminal, tableLines } from '../terminal.ts';

async function latestManifest(store: ObjectStore, root: string): Promise<Manifest> {
  const manifest = await readJson<Manifest>(store, latestManifestKey);
  if (!manifest)
    throw new NothingToDo(`no night has been published in this lake, ${root}`, 'Run winback run --orders FILE… first.');
  return manifest;
}

/** Days between the lists' date and now: a list that is old shows it. */
const ageInDays = (manifest: Manifest): number =>
  Math.max(0, Math.floor((Date.now() - Date.parse(`${manifest.as_of}T00:00:00Z`)) / 86_400_000));

function listNamed(manifest: Manifest, campaign: string): PublishedList {
  const found = manifest.lists.find((list) => list.campaign === campaign);
  if (found) return found;
  const known = manifest.lists.map((list) => list.campaign).join(', ');
  throw new UsageError(`there is no campaign ${JSON.stringify(campaign)}`, `Campaigns: ${known}.`);
}

/** A list's bytes, exactly as published. @throws LakeAccessError when they are not those of the manifest */
async function listBytes(store: ObjectStore, list: PublishedList): Promise<Uint8Array> {
  const found = await store.read(list.file);
  const hash = found && createHash('sha256').update(found.body).digest('hex');
  if (!found || hash !== list.sha256) {
    throw new LakeAccessError(
      `${list.file} is not what was published`,
      'Run the night again with a later --as-of, or roll back.',
    );
  }
  return found.body;
}

function overview(manifest: Manifest, terminal: Terminal): ExitCode {
  const age = ageInDays(manifest);
  const rows = manifest.lists.map((list) => [
    list.campaign,
    counted(list.rows),
    counted(list.new_members),
    counted(list.control),
    list.value_at_risk,
    list.offer,
    list.definition,
  ]);
  terminal.json({ ...manifest, age_days: age });
  terminal.line(
    `  Lists of ${manifest.as_of} (${plural(age, 'day')} old), scores by ${methodName('en', manifest.score_basis)}, horizon ${manifest.horizon_days} days`,
  );
  terminal.line(`  Model ${manifest.model_verdict}: ${manifest.model_reason}`);
  for (const line of tableLines(['campaign', 'people', 'new', 'control', 'value at risk', 'offer', 'what it is'], rows))
    terminal.line(line);
  return exitCodes.ok;
}

const shownLines = 20;

async function show(store: ObjectStore, manifest: Manifest, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const list = listNamed(manifest, given.words[1] ?? '');
  const text = new TextDecoder().decode(await listBytes(store, list));
  const lines = text.split('\r\n').filter(Boolean);
  terminal.json({ ...list, csv: text });
  for (const line of lines.slice(0, shownLines + 1)) terminal.line(line);
  if (lines.length > shownLines + 1)
    terminal.line(`… ${plural(lines.length - shownLines - 1, 'further row')}: winback lists pull --out DIR`);
  return exitCodes.ok;
}

async function pull(store: ObjectStore, manifest: Manifest, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const out = given.text('out');
  if (!out) throw new UsageError('no folder to pull the lists into', 'Name one with --out DIR.');
  const campaigns = given.texts('campaign');
  const lists = campaigns.length > 0 ? campaigns.map((name) => listNamed(manifest, name)) : manifest.lists;
  const pulled: string[] = [];
  for (const list of lists) {
    const bytes = await listBytes(store, list);
    const path = join(resolve(out), `${manifest.as_of}-${list.campaign}.csv`);
    await makeFolder(resolve(out))
      .then(() => writeFile(path, bytes))
      .catch((error: NodeJS.ErrnoException) => {
        throw new LakeAccessError(`${path} cannot be written: ${error.code}`, 'Choose another folder with --out.', {
          cause: error,
        });
      });
    pulled.push(path);
  }
  terminal.json({ as_of: manifest.as_of, files: pulled });
  for (const path of pulled) terminal.line(`  ${path}`);
  return exitCodes.ok;
}

export const lists: Command = {
  name: 'lists',
  usage: 'lists [show CAMPAIGN | pull --out DIR [--campaign NAME]…] [--lake DIR]',
  summary: 'Show or copy the lists of the current night.',
  options: {
    lake: lakeOption,
    out: { type: 'string', value: 'DIR', help: 'pull: folder to copy the people files into' },
    campaign: { type: 'string', multiple: true, value: 'NAME', help: 'pull: only this campaign; may be repeated' },
    json: jsonOption,
  },
  async run(given, terminal) {
    const [action] = given.words;
    const store = fileStore(lakeFolder(given));
    const manifest = await latestManifest(store, lakeFolder(given));
    if (action === undefined) return overview(manifest, terminal);
    if (action === 'show') return show(store, manifest, given, terminal);
    if (action === 'pull') return pull(store, manifest, given, terminal);
    throw new UsageError(
      `lists cannot ${JSON.stringify(action)}`,
      'Use lists, lists show CAMPAIGN or lists pull --out DIR.',
    );
  },
};
