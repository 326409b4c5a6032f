import { createHash } from 'node:crypto';
import {
  customerSightings,
  orderLineVersions,
  orderVersions,
  receipts,
  rejectedRows,
} from '../lake/tables/ingested.ts';
import { ingestKey, receiptKey, receiptPrefix } from '../lake/zones.ts';
import { ingestOf } from '../platform/config/ingest.ts';
import type { IdentifyingContext } from '../platform/context.ts';
import { PreconditionFailed } from '../platform/errors.ts';
import { decodeJsonRows, encodeJsonRows } from '../platform/json-objects.ts';
import { writeTable } from '../platform/parquet.ts';
import { sealPools } from './book/row.ts';
import { groupByPerson } from './book/sightings.ts';
import { RefusedFile } from './errors.ts';
import { fileTime, statedTime } from './file-time.ts';
import { fileIdentities } from './identity.ts';
import { type IngestLimits, type Survey, surveyFile } from './plan/survey.ts';
import { type FileContents, readFile, refuseMostlyRejected } from './read/read-file.ts';
import type { ExportFile } from './source/export-file.ts';
import { openZone } from './values/zone.ts';
import { contentsSummary, nothingTaken, type Receipt } from './write/receipt.ts';
import { type Ingest, lineRows, orderRows, rejectRows, sightingRows, sortedOrders } from './write/table-rows.ts';

/** Version of the reading rules. A new one makes new ingests of files that are already in the lake. */
export const parserVersion = '4';

export type IngestPorts = Pick<IdentifyingContext, 'store' | 'config' | 'keys' | 'clock' | 'log' | 'progress'>;

export interface IngestInput {
  readonly file: ExportFile;
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

/** The bytes of a file, and what is known of them besides their rows. */
interface KnownFile {
  readonly sha256: string;
  /** When it was exported, as its names or the settings state, in UTC seconds. */
  readonly statedTime: number | null;
}

/** Names an ingest by everything that its rows depend on. */
function ingestIdOf({ sha256, statedTime }: KnownFile, { config, keys }: IngestPorts): string {
  const { source, time_zone, currency } = config.shop;
  const settings = canonicalJson({ ingest: config.ingest, source, time_zone, currency: currency ?? null });
  const parts = [sha256, String(statedTime), parserVersion, settings, keys.keyId];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

async function sha256Of(file: ExportFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk);
  return hash.digest('hex');
}

/** The receipt of an ingest that was done before, marked as asked for again; null where there is none. */
async function renewReceipt(
  { store, clock }: IngestPorts,
  ids: Parameters<typeof receiptKey>[0],
): Promise<Receipt | null> {
  const key = receiptKey(ids);
  const found = await store.read(key);
  const [known] = found ? decodeJsonRows(receipts, found.body) : [];
  if (!found || !known) return null;
  const receipt = { ...known, ingested_at: clock().toISOString() };
  await store.write(key, encodeJsonRows(receipts, [receipt]), { ifMatch: found.etag }).catch(unlessLost);
  return receipt;
}

/** Another ingest of the same file was faster; its receipt says the same. */
const unlessLost = (error: unknown): void => {
  if (!(error instanceof PreconditionFailed)) throw error;
};

async function leaveReceipt({ store }: IngestPorts, receipt: Receipt): Promise<Receipt> {
  const body = encodeJsonRows(receipts, [receipt]);
  await store.write(receiptKey(receipt), body, { ifAbsent: true }).catch(unlessLost);
  return receipt;
}

const receiptHead = (ports: IngestPorts, file: ExportFile, known: KnownFile) => ({
  ingest_id: ingestIdOf(known, ports),
  file_sha256: known.sha256,
  file_name: file.name,
  file_bytes: file.bytes,
  source: ports.config.shop.source,
  parser_version: parserVersion,
  delivered_at: file.deliveredAt.toISOString(),
  ingested_at: ports.clock().toISOString(),
});

async function refuse(
  ports: IngestPorts,
  file: ExportFile,
  survey: Survey | null,
  error: RefusedFile,
): Promise<Receipt> {
  const sha256 = survey?.sha256 ?? (await sha256Of(file));
  const head = receiptHead(ports, file, { sha256, statedTime: null });
  const known = await renewReceipt(ports, head);
  if (known) return known;
  return leaveReceipt(ports, {
    ...head,
    layout: survey?.plan.layout.name ?? '',
    encoding: survey?.encoding ?? '',
    verdict: 'refused',
    reason: `${error.message}${/[.?!]$/.test(error.message) ? '' : '.'} ${error.next}`,
    ...nothingTaken,
    has_updated_at: false,
  });
}

async function writeContents(
  ports: IngestPorts,
  file: ExportFile,
  known: KnownFile,
  survey: Survey,
  contents: FileContents,
) {
  const { store, config, keys } = ports;
  const zone = openZone(config.shop.time_zone);
  const head = receiptHead(ports, file, known);
  sealPools(contents.pools);
  const people = fileIdentities(contents.pools, keys, config.shop.source);
  const ingest: Ingest = {
    id: head.ingest_id,
    source: config.shop.source,
    fileName: file.name,
    zone,
    plan: survey.plan,
    fileTime: fileTime(known.statedTime, contents),
  };
  const orders = sortedOrders(contents);
  const lines = contents.book.lines.byOrder(contents.book.size);
  await writeTable(
    store,
    orderVersions,
    ingestKey(orderVersions, ingest.id),
    orderRows(ingest, contents, orders, lines, people),
  );
  await writeTable(
    store,
    orderLineVersions,
    ingestKey(orderLineVersions, ingest.id),
    lineRows(ingest, contents, orders, lines),
  );
  await writeTable(
    store,
    customerSightings,
    ingestKey(customerSightings, ingest.id),
    sightingRows(ingest, contents, groupByPerson(contents.book, people), people),
  );
  await writeTable(store, rejectedRows, ingestKey(rejectedRows, ingest.id), rejectRows(ingest, contents));
  return leaveReceipt(ports, {
    ...head,
    layout: survey.plan.layout.name,
    encoding: survey.encoding,
    verdict: 'accepted',
    reason: null,
    ...contentsSummary(contents, survey.plan.layout, people, zone),
    has_updated_at: survey.plan.columns.updated_at !== undefined,
  });
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

/** Receipts of the same bytes, delivered before under any name and settings. */
async function earlierReceipts({ store }: IngestPorts, sha256: string): Promise<Receipt[]> {
  const earlier: Receipt[] = [];
  for await (const { key } of store.list(receiptPrefix(sha256))) {
    const found = await store.read(key);
    if (found) earlier.push(...decodeJsonRows(receipts, found.body));
  }
  return earlier;
}

async function takeFile(ports: IngestPorts, { file: delivered, limits }: IngestInput): Promise<Receipt> {
  const { config } = ports;
  let file = withProgress(delivered, ports.progress, 2);
  let survey: Survey | null = null;
  try {
    survey = await surveyFile(file, config.ingest, limits);
    const { sha256 } = survey;
    const zone = openZone(config.shop.time_zone);
    const earlier = await earlierReceipts(ports, sha256);
    const names = [file.name, ...earlier.map((receipt) => receipt.file_name)];
    const known = { sha256, statedTime: statedTime(names, config.ingest.exported_at, zone) };
    const renewed = await renewReceipt(ports, { file_sha256: sha256, ingest_id: ingestIdOf(known, ports) });
    if (renewed) return renewed;
    // a file that is read again, under other settings, is no newer for that
    const deliveries = [file.deliveredAt, ...earlier.map((receipt) => new Date(receipt.delivered_at))];
    file = { ...file, deliveredAt: new Date(Math.min(...deliveries.map(Number))) };
    const rules = {
      config: config.ingest,
      zone,
      currency: config.shop.currency,
      deliveredAt: file.deliveredAt,
    };
    const contents = await readFile(file, survey, rules, limits);
    refuseMostlyRejected(file.name, contents, config.ingest.max_rejected_pct);
    return await writeContents(ports, file, known, survey, contents);
  } catch (error) {
    if (error instanceof RefusedFile) return refuse(ports, file, survey, error);
    throw error;
  }
}

/**
 * Takes one export file into the lake: order versions, lines, customer sightings, rejected rows, and last the receipt
 * without which none of them exists. The same file under the same settings is found by its receipt and not read again. A
 * file that cannot be trusted leaves only a receipt with verdict `refused` and the reason.
 */
export async function ingestFile(ports: IngestPorts, input: IngestInput): Promise<Receipt> {
  const config = { ...ports.config, ingest: ingestOf(ports.config.ingest, input.file.name) };
  const receipt = await takeFile({ ...ports, config }, input);
  const { ingest_id, verdict, layout, records_read, orders_accepted, lines_folded, duplicates, rejected } = receipt;
  ports.log('file_ingested', {
    ingest_id,
    verdict,
    layout,
    records_read,
    orders_accepted,
    lines_folded,
    duplicates,
    rejected,
  });
  return receipt;
}
