import { createHash } from 'node:crypto';
import type { FileKind } from '../lake/file-kinds.ts';
import { ingestOf } from '../platform/config/ingest.ts';
import type { IdentifyingContext } from '../platform/context.ts';
import { sealPools } from './book/row.ts';
import { RefusedFile } from './errors.ts';
import { fileTime, statedTime, toldTime } from './file-time.ts';
import { fileIdentities } from './identity.ts';
import { type FileSettings, settingsOfKind } from './layouts/kinds.ts';
import { type IngestLimits, type Survey, surveyFile } from './plan/survey.ts';
import { refuseMostlyRejected } from './read/mostly-rejected.ts';
import { readFile } from './read/read-file.ts';
import { readPeople } from './read/read-people.ts';
import type { ExportFile } from './source/export-file.ts';
import { openZone } from './values/zone.ts';
import { earlierReceipts, leaveReceipt, renewReceipt } from './write/kept-receipts.ts';
import { contentsSummary, nothingTaken, peopleSummary, type Receipt } from './write/receipt.ts';
import { writeOrders, writePeople } from './write/write-tables.ts';

/** Version of the reading rules. A new one makes new ingests of files that are already in the lake. */
const parserVersion = '6';

export type IngestPorts = Pick<IdentifyingContext, 'store' | 'config' | 'keys' | 'clock' | 'log' | 'progress'>;

export interface IngestInput {
  readonly file: ExportFile;
  /** What the file was given as; orders where it is left out. */
  readonly kind?: FileKind;
  readonly limits: IngestLimits;
}

/** What a file may cost on a laptop: there is no limit on size, but one on what no export does. */
export const localLimits: IngestLimits = {
  records: Number.MAX_SAFE_INTEGER,
  bytes: Number.MAX_SAFE_INTEGER,
  ratio: 250,
};

/** What a file may cost in a Lambda, where time and memory end: 3 million records, 2 GB unpacked. */
export const lambdaLimits: IngestLimits = { records: 3_000_000, bytes: 2_000_000_000, ratio: 250 };

/** JSON with the members of every object in order of their names, so that equal settings are equal bytes. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Everything that the rows of an ingest depend on. */
interface KnownFile {
  readonly sha256: string;
  readonly kind: FileKind;
  /**
   * UTC seconds: of orders when the file was exported, as its names or the settings state; of suppressions when they were
   * told. Null where rows do not depend on it.
   */
  readonly time: number | null;
}

/** Ports with the settings of one file. */
type FilePorts = Omit<IngestPorts, 'config'> & {
  readonly config: Omit<IngestPorts['config'], 'ingest'> & { readonly ingest: FileSettings };
};

/** Names an ingest by everything that its rows depend on. */
function ingestIdOf({ sha256, kind, time }: KnownFile, { config, keys }: FilePorts): string {
  const { source, time_zone, currency } = config.shop;
  const { survey, kind: _, ...reading } = config.ingest;
  const ingest = kind === 'orders' ? reading : { ...reading, kind, survey };
  const settings = canonicalJson({ ingest, source, time_zone, currency: currency ?? null });
  const parts = [sha256, String(time), parserVersion, settings, keys.keyId];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

async function sha256Of(file: ExportFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk);
  return hash.digest('hex');
}

const receiptHead = (ports: FilePorts, file: ExportFile, known: KnownFile) => ({
  ingest_id: ingestIdOf(known, ports),
  file_sha256: known.sha256,
  file_name: file.name,
  file_bytes: file.bytes,
  source: ports.config.shop.source,
  kind: known.kind,
  parser_version: parserVersion,
  delivered_at: file.deliveredAt.toISOString(),
  ingested_at: ports.clock().toISOString(),
});

async function refuse(ports: FilePorts, file: ExportFile, survey: Survey | null, error: RefusedFile): Promise<Receipt> {
  const sha256 = survey?.sha256 ?? (await sha256Of(file));
  const head = receiptHead(ports, file, { sha256, kind: ports.config.ingest.kind, time: null });
  const known = await renewReceipt(ports.store, head, ports.clock());
  if (known) return known;
  return leaveReceipt(ports.store, {
    ...head,
    layout: survey?.plan.layout.name ?? '',
    encoding: survey?.encoding ?? '',
    verdict: 'refused',
    reason: `${error.message}${/[.?!]$/.test(error.message) ? '' : '.'} ${error.next}`,
    ...nothingTaken,
    has_updated_at: false,
  });
}

interface Told {
  readonly file: ExportFile;
  readonly known: KnownFile;
  readonly survey: Survey;
  readonly limits: IngestLimits;
}

/** Reads a file's records and writes what they tell. @returns what the receipt says of them */
async function readAndWrite(ports: FilePorts, { file, known, survey, limits }: Told) {
  const { store, config, keys } = ports;
  const { kind } = config.ingest;
  const { source, currency, time_zone } = config.shop;
  const zone = openZone(time_zone);
  const rules = { config: config.ingest, zone, currency, deliveredAt: file.deliveredAt };
  const ingest = { id: ingestIdOf(known, ports), source, fileName: file.name, zone, plan: survey.plan };
  if (kind !== 'orders') {
    const contents = await readPeople(file, survey, rules, limits);
    refuseMostlyRejected(file.name, contents, config.ingest.max_rejected_pct);
    sealPools(contents.pools);
    const people = fileIdentities(contents.pools, keys, source);
    await writePeople(store, { ...ingest, fileTime: known.time ?? 0 }, contents, people, kind);
    return { ...peopleSummary(contents), has_updated_at: false };
  }
  const contents = await readFile(file, survey, rules, limits);
  refuseMostlyRejected(file.name, contents, config.ingest.max_rejected_pct);
  sealPools(contents.pools);
  const people = fileIdentities(contents.pools, keys, source);
  await writeOrders(store, { ...ingest, fileTime: fileTime(known.time, contents) }, contents, people);
  return {
    ...contentsSummary(contents, survey.plan.layout, people, zone),
    has_updated_at: survey.plan.columns.updated_at !== undefined,
  };
}

/** A file that tells how far reading has come, over `passes` readings. */
function withProgress(file: ExportFile, progress: IngestPorts['progress'], passes: number): ExportFile {
  let delivered = 0;
  return {
    ...file,
    async *open() {
      for await (const chunk of file.open()) {
        delivered += chunk.length;
        progress(Math.min(1, delivered / (file.bytes * passes)), `reading ${file.name}`);
        yield chunk;
      }
    },
  };
}

async function takeFile(ports: FilePorts, { file: delivered, limits }: IngestInput): Promise<Receipt> {
  const { config, store } = ports;
  const { kind, exported_at } = config.ingest;
  let file = withProgress(delivered, ports.progress, 2);
  let survey: Survey | null = null;
  try {
    survey = await surveyFile(file, config.ingest, limits);
    const { sha256 } = survey;
    const earlier = await earlierReceipts(store, sha256, kind);
    // a file that is read again, under other settings, is no newer for that
    const deliveries = [file.deliveredAt, ...earlier.map((receipt) => new Date(receipt.delivered_at))];
    const deliveredAt = new Date(Math.min(...deliveries.map(Number)));
    file = { ...file, deliveredAt };
    const names = [file.name, ...earlier.map((receipt) => receipt.file_name)];
    const stated = statedTime(names, exported_at, openZone(config.shop.time_zone));
    const time = kind === 'surveys' ? null : kind === 'orders' ? stated : toldTime(stated, deliveredAt);
    const known = { sha256, kind, time };
    const renewed = await renewReceipt(
      store,
      { file_sha256: sha256, ingest_id: ingestIdOf(known, ports) },
      ports.clock(),
    );
    if (renewed) return renewed;
    const summary = await readAndWrite(ports, { file, known, survey, limits });
    return await leaveReceipt(store, {
      ...receiptHead(ports, file, known),
      layout: survey.plan.layout.name,
      encoding: survey.encoding,
      verdict: 'accepted',
      reason: null,
      ...summary,
    });
  } catch (error) {
    if (error instanceof RefusedFile) return refuse(ports, file, survey, error);
    throw error;
  }
}

/**
 * Takes one export file into the lake: what it tells of orders or people, rejected rows, and last the receipt without
 * which none of them exists. The same file under the same settings is found by its receipt and not read again. A file
 * that cannot be trusted leaves only a receipt with verdict `refused` and the reason.
 */
export async function ingestFile(ports: IngestPorts, input: IngestInput): Promise<Receipt> {
  const settings = settingsOfKind(ingestOf(ports.config.ingest, input.file.name), input.kind ?? 'orders');
  const config = { ...ports.config, ingest: settings };
  const receipt = await takeFile({ ...ports, config }, input);
  const { ingest_id, kind, verdict, layout, records_read } = receipt;
  const { orders_accepted, people_accepted, lines_folded, duplicates, rejected } = receipt;
  ports.log('file_ingested', {
    ingest_id,
    kind,
    verdict,
    layout,
    records_read,
    orders_accepted,
    people_accepted,
    lines_folded,
    duplicates,
    rejected,
  });
  return receipt;
}
