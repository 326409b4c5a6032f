import { isUtf8 } from 'node:buffer';
import { openRecords } from '../plan/open-records.ts';
import type { Plan } from '../plan/plan.ts';
import { isBlank, isBlankBeyond } from '../plan/record-shape.ts';
import type { Survey } from '../plan/survey.ts';
import type { RejectReason } from '../reasons.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { type UnpackLimits, unpack } from '../source/container.ts';
import { toUtf8 } from '../source/encoding.ts';
import type { ExportFile } from '../source/export-file.ts';

/** What is wrong with the shape of a record, before its values are looked at. */
function shapeProblem(record: RawRecord, { width, header }: Plan, checkBytes: boolean): RejectReason | null {
  if (record.fields < width) return 'too_few_fields';
  if (record.fields !== width && record.fields !== header.length) return 'too_many_fields';
  if (!isBlankBeyond(record, header.length)) return 'too_many_fields';
  if (checkBytes && !isUtf8(record.bytes.subarray(record.start[0], record.end[record.fields - 1]))) {
    return 'undecodable_bytes';
  }
  return null;
}

/**
 * Goes through the records of a file below its header; lines of a table that hold nothing are none.
 * @param onRecord told each record with its number, from 1, and what is wrong with its shape, or null
 * @returns how many records there are
 */
export async function readRecords(
  file: ExportFile,
  { plan, container, encoding, hasInvalidBytes }: Survey,
  limits: UnpackLimits,
  onRecord: (record: RawRecord, recordNo: number, problem: RejectReason | null) => void,
): Promise<number> {
  const isTable = plan.format.kind === 'delimited';
  let seen = 0;
  let read = 0;
  const splitter = openRecords(file.name, plan, (record, fault) => {
    if (seen++ < plan.skip || (isTable && fault === null && isBlank(record))) return;
    onRecord(record, ++read, fault ?? shapeProblem(record, plan, hasInvalidBytes));
  });
  for await (const chunk of toUtf8(file.name, unpack(file, container, file.open(), limits), encoding)) {
    splitter.push(chunk);
  }
  splitter.end();
  return read;
}
