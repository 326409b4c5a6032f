import { createHash, type Hash } from 'node:crypto';
import type { IngestConfig } from '../../platform/config/ingest.ts';
import { AmbiguousColumns, EmptyFile, NotAnExport, SecondTable } from '../errors.ts';
import { layouts } from '../layouts/all.ts';
import { headerKey } from '../layouts/layout.ts';
import type { RejectReason } from '../reasons.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { type Container, detectContainer, readHead, type UnpackLimits, unpack } from '../source/container.ts';
import { createEncodingProof, detectUtf16, type Encoding, type EncodingProof, toUtf8 } from '../source/encoding.ts';
import type { ExportFile } from '../source/export-file.ts';
import { type Conventions, createEvidence } from './evidence.ts';
import { findPlan, planJson } from './find-plan.ts';
import { openRecords } from './open-records.ts';
import type { Plan } from './plan.ts';

/** Everything about a file that has to be known before its first record can be understood. */
export interface Survey extends Conventions, EncodingProof {
  /** SHA-256 of the bytes as delivered, in hex. */
  readonly sha256: string;
  readonly container: Container;
  readonly plan: Plan;
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

/** JSON members beyond the header's that are remembered; a file with more has keys that are values. */
const mostMembers = 1000;

const aliases = new Set(layouts.flatMap((layout) => Object.values(layout.fields).flat().map(headerKey)));

/** True when a record is a header other than the file's own: nothing but words, two of them names of fields. */
function isOtherHeader(record: RawRecord, plan: Plan): boolean {
  if (record.fields < 2 || record.fields > 1000) return false;
  let known = 0;
  let same = record.fields === plan.header.length;
  for (let i = 0; i < record.fields; i++) {
    const text = fieldText(record, i).trim();
    if (text === '' || /\d/.test(text)) return false;
    if (aliases.has(headerKey(text))) known++;
    if (same && headerKey(text) !== headerKey(plan.header[i]!)) same = false;
  }
  return known >= 2 && !same;
}

const hasDigit = (record: RawRecord, column: number): boolean => {
  for (let i = record.start[column]!; i < record.end[column]!; i++) {
    if (record.bytes[i]! >= 48 && record.bytes[i]! <= 57) return true;
  }
  return false;
};

interface Scan {
  readonly conventions: () => Conventions;
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
  readonly utf16: Encoding | null;
  readonly limits: UnpackLimits;
}

/** Reads the whole file once with one way of quoting. */
async function scan({ file, container, utf16, limits }: Opened, plan: Plan, config: IngestConfig): Promise<Scan> {
  const hash = createHash('sha256');
  const proof = createEncodingProof();
  const evidence = createEvidence(file.name, plan);
  const width = plan.header.length;
  const timeColumn = plan.columns.order_ts ?? 0;
  let seen = 0;
  let faults = 0;
  let sawBackslashQuote = false;

  const onRecord = (record: RawRecord, fault: RejectReason | null): void => {
    if (seen++ < plan.skip) return;
    if (fault !== null) faults++;
    else if (record.fields >= width) {
      evidence.add(record);
      for (const [kept, other] of plan.twins) refuseDifferingTwins(file.name, record, plan, kept, other);
    }
    if (fault !== null || (record.fields >= width && hasDigit(record, timeColumn))) return;
    if (plan.format.kind !== 'delimited') return;
    if (isOtherHeader(record, plan)) refuseSecondTable(file.name, seen - plan.skip);
  };
  const otherMembers = new Set<string>();
  const splitter = openRecords(file.name, plan, onRecord, (member) => {
    if (otherMembers.size < mostMembers) otherMembers.add(member);
  });
  const unpacked = proven(unpack(file, container, hashed(file.open(), hash), limits), proof);
  for await (const chunk of toUtf8(file.name, unpacked, utf16 ?? 'utf-8')) {
    if (!sawBackslashQuote && Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes('\\"')) {
      sawBackslashQuote = true;
    }
    splitter.push(chunk);
  }
  splitter.end();
  return {
    conventions: () => evidence.settle(config),
    records: Math.max(0, seen - plan.skip),
    faults,
    sha256: hash.digest('hex'),
    proof: utf16 ? { encoding: utf16, hasInvalidBytes: false } : proof.verdict(),
    sawBackslashQuote,
    otherMembers,
  };
}

function refuseDifferingTwins(name: string, record: RawRecord, plan: Plan, kept: number, other: number): void {
  if (fieldText(record, kept).trim() === fieldText(record, other).trim()) return;
  throw new AmbiguousColumns(
    `${name} has two columns "${plan.header[kept]}" (${kept + 1} and ${other + 1}) that differ`,
    'Say by position in ingest.columns which one to read.',
  );
}

function refuseSecondTable(name: string, recordNo: number): never {
  throw new SecondTable(`${name} holds a second table, with its own header in record ${recordNo}`, 'Deliver one each.');
}

/**
 * The first pass over a file: proves container and encoding over all bytes, finds delimiter, header and layout, and
 * settles how dates and amounts are written.
 * @throws RefusedFile of the cause for which the file cannot be trusted
 */
export async function surveyFile(file: ExportFile, config: IngestConfig, limits: UnpackLimits): Promise<Survey> {
  const container = detectContainer(file.name, await readHead(file.open(), 16));
  const begin = await readHead(unpack(file, container, file.open(), limits), headBytes);
  if (detectContainer(file.name, begin) !== 'plain' && container !== 'plain') {
    throw new NotAnExport(`${file.name} is packed twice`, 'Pack it once, or deliver it plain.');
  }
  const utf16 = detectUtf16(begin);
  const opened = { file, container, utf16, limits };
  const text = toUtf8(file.name, unpack(file, container, file.open(), limits), utf16 ?? 'utf-8');
  let plan = findPlan(file.name, await readHead(text, headBytes), config);
  let result = await scan(opened, plan, config);
  const { format } = plan;
  if (format.kind !== 'delimited' && result.otherMembers.size > 0) {
    plan = planJson(file.name, format.kind, [...plan.header, ...result.otherMembers], config);
    result = await scan(opened, plan, config);
  }
  if (format.kind === 'delimited' && result.faults > 0 && result.sawBackslashQuote) {
    const other = { ...plan, format: { ...format, quoteEscape: 'backslash' as const } };
    const otherResult = await scan(opened, other, config);
    if (otherResult.faults < result.faults) [plan, result] = [other, otherResult];
  }
  if (result.records === 0) {
    throw new EmptyFile(`${file.name} has a header and no record`, 'Export again if there were orders.');
  }
  const { sha256, records, proof } = result;
  return { sha256, container, plan, records, ...proof, ...result.conventions() };
}
