import { createHash, type Hash } from 'node:crypto';
import type { Encoding } from '../../platform/config/ingest.ts';
import { AmbiguousAmounts, AmbiguousColumns, EmptyFile, NotAnExport, TooLarge } from '../errors.ts';
import type { FileSettings } from '../layouts/kinds.ts';
import type { RejectReason } from '../reasons.ts';
import { createMemberNames } from '../records/json-records.ts';
import { isParquet, maxParquetBytes, parquetHeader } from '../records/parquet-records.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { type Container, detectContainer, readHead, type UnpackLimits, unpack } from '../source/container.ts';
import { createEncodingProof, detectUtf16, type EncodingProof, toUtf8 } from '../source/encoding.ts';
import type { ExportFile } from '../source/export-file.ts';
import { type Conventions, createEvidence } from './evidence.ts';
import { findPlan, planJson, planParquet } from './find-plan.ts';
import { openRecords } from './open-records.ts';
import { type Plan, timeColumnOf } from './plan.ts';
import { fewestFields, hasDigit, isBlank } from './record-shape.ts';
import { createTableWatch } from './table-watch.ts';

/** Everything about a file that has to be known before its first record can be understood. */
export interface Survey extends Conventions, EncodingProof {
  /** SHA-256 of the bytes as delivered, in hex. */
  readonly sha256: string;
  readonly container: Container;
  readonly plan: Plan;
  readonly records: number;
}

/** What one file may cost before it is refused. */
export interface IngestLimits extends UnpackLimits {
  /** Most records. */
  readonly records: number;
}

const headBytes = 1 << 20;

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* proven(
  chunks: AsyncIterable<Uint8Array>,
  proof: ReturnType<typeof createEncodingProof>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    proof.push(chunk);
    yield chunk;
  }
}

interface Scan {
  readonly conventions: () => Conventions;
  readonly width: number;
  readonly records: number;
  readonly faults: number;
  readonly sha256: string;
  readonly proof: EncodingProof;
  readonly sawBackslashQuote: boolean;
  /** JSON members that the header does not have. */
  readonly otherMembers: ReadonlySet<string>;
}

interface Opened {
  readonly file: ExportFile;
  readonly container: Container;
  /** Encoding that the beginning proves; null where it takes the whole file. */
  readonly encoding: Encoding | null;
  readonly limits: IngestLimits;
}

/** Reads the whole file once with one way of quoting. */
async function scan({ file, container, encoding, limits }: Opened, plan: Plan, config: FileSettings): Promise<Scan> {
  const hash = createHash('sha256');
  const proof = createEncodingProof();
  const evidence = createEvidence(file.name, plan);
  const table = plan.format.kind === 'delimited' ? createTableWatch(file.name, plan) : null;
  const fewest = fewestFields(plan);
  const timeColumn = timeColumnOf(plan);
  let seen = 0;
  let faults = 0;
  let sawBackslashQuote = false;

  const onRecord = (record: RawRecord, fault: RejectReason | null): void => {
    if (table !== null && fault === null && seen >= plan.skip && isBlank(record)) return;
    if (seen - plan.skip === limits.records) refuseMoreRecords(file.name, limits.records);
    if (seen++ < plan.skip) table?.above(record, seen);
    else if (fault !== null) faults++;
    else {
      table?.below(record, seen - plan.skip);
      if (record.fields < fewest) return;
      evidence.add(record);
      if (timeColumn >= 0 && !hasDigit(record, timeColumn)) return;
      for (const [kept, other] of plan.twins) refuseDifferingTwins(file.name, record, plan, kept, other);
    }
  };
  const otherMembers = createMemberNames();
  const splitter = openRecords(file.name, plan, onRecord, otherMembers.add);
  const unpacked = proven(unpack(file, container, hashed(file.open(), hash), limits), proof);
  for await (const chunk of toUtf8(file.name, unpacked, encoding ?? 'utf-8')) {
    if (!sawBackslashQuote && Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes('\\"')) {
      sawBackslashQuote = true;
    }
    splitter.push(chunk);
  }
  splitter.end();
  return {
    conventions: () => {
      if (config.decimal_separator === undefined) table?.refuseSplitDecimals();
      return settle(evidence, plan, config);
    },
    width: table?.width() ?? plan.width,
    records: Math.max(0, seen - plan.skip),
    faults,
    sha256: hash.digest('hex'),
    proof: encoding ? { encoding, hasInvalidBytes: encoding === 'utf-8' } : proof.verdict(),
    sawBackslashQuote,
    otherMembers: otherMembers.names,
  };
}

/**
 * The conventions of a file. Numbers of typed formats have a decimal point whatever sign the shop's texts have, so there
 * the setting answers only what the values leave open.
 */
function settle(evidence: ReturnType<typeof createEvidence>, { format }: Plan, config: FileSettings): Conventions {
  if (format.kind === 'delimited' || config.decimal_separator === undefined) return evidence.settle(config);
  try {
    return evidence.settle({ ...config, decimal_separator: undefined });
  } catch (error) {
    if (!(error instanceof AmbiguousAmounts)) throw error;
    return evidence.settle(config);
  }
}

function refuseMoreRecords(name: string, most: number): never {
  throw new TooLarge(`${name} has more than ${most} records`, 'Split the export by date and deliver the parts.');
}

function refuseDifferingTwins(name: string, record: RawRecord, plan: Plan, kept: number, other: number): void {
  if (fieldText(record, kept).trim() === fieldText(record, other).trim()) return;
  throw new AmbiguousColumns(
    `${name} has two columns "${plan.header[kept]}" (${kept + 1} and ${other + 1}) that differ`,
    'Say by position in ingest.columns which one to read.',
  );
}

/** The plan of a file by its beginning, or by its footer where it is Parquet. */
async function planBeginning(opened: Opened, begin: Uint8Array, config: FileSettings): Promise<Plan> {
  const { file, container, encoding, limits } = opened;
  const unpacked = unpack(file, container, file.open(), limits);
  if (isParquet(begin)) {
    const whole = await readHead(unpacked, maxParquetBytes + 1);
    return planParquet(file.name, parquetHeader(file.name, whole), config);
  }
  return findPlan(file.name, await readHead(toUtf8(file.name, unpacked, encoding ?? 'utf-8'), headBytes), config);
}

/** The encoding that is known before the whole file has been read: stated, or shown by its first bytes. */
const encodingBefore = (begin: Uint8Array, { encoding }: FileSettings): Encoding | null =>
  isParquet(begin) ? 'utf-8' : (encoding ?? detectUtf16(begin));

/**
 * The first pass over a file: proves container and encoding over all bytes, finds delimiter, header and layout, and
 * settles how dates and amounts are written.
 * @throws RefusedFile of the cause for which the file cannot be trusted
 */
export async function surveyFile(file: ExportFile, config: FileSettings, limits: IngestLimits): Promise<Survey> {
  const container = detectContainer(file.name, await readHead(file.open(), 16));
  const begin = await readHead(unpack(file, container, file.open(), limits), headBytes);
  if (detectContainer(file.name, begin) !== 'plain' && container !== 'plain') {
    throw new NotAnExport(`${file.name} is packed twice`, 'Pack it once, or deliver it plain.');
  }
  const opened = { file, container, encoding: encodingBefore(begin, config), limits } as const;
  let plan = await planBeginning(opened, begin, config);
  let result = await scan(opened, plan, config);
  const { format } = plan;
  if (format.kind !== 'delimited' && format.kind !== 'parquet' && result.otherMembers.size > 0) {
    plan = planJson(file.name, format, [...plan.header, ...result.otherMembers], config);
    result = await scan(opened, plan, config);
  }
  if (format.kind === 'delimited' && result.faults > 0 && result.sawBackslashQuote) {
    const other = { ...plan, format: { ...format, quoteEscape: 'backslash' as const } };
    const otherResult = await scan(opened, other, config);
    if (otherResult.faults < result.faults) [plan, result] = [other, otherResult];
  }
  if (result.width !== plan.width) {
    plan = { ...plan, width: result.width };
    result = await scan(opened, plan, config);
  }
  if (result.records === 0) {
    throw new EmptyFile(`${file.name} has a header and no record`, 'Export again if there should be one.');
  }
  const { sha256, records, proof } = result;
  return { sha256, container, plan, records, ...proof, ...result.conventions() };
}
