import type { RejectReason } from '../reasons.ts';

/**
 * One record as its file holds it: fields as ranges of UTF-8 (or, while an encoding is still being proven, raw) bytes.
 * The same object is handed out again for the next record: whoever wants to keep a value copies or interns it.
 */
export interface RawRecord {
  bytes: Uint8Array;
  /** Where each field begins in `bytes`. */
  start: Int32Array;
  /** Where each field ends in `bytes`. */
  end: Int32Array;
  /** Number of fields. */
  fields: number;
  /** Line of the file in which the record begins, from 1; 0 where records are no lines. */
  line: number;
}

/** Receives the records of a file in order; `fault` is set where the record could not be split into fields. */
export type RecordHandler = (record: RawRecord, fault: RejectReason | null) => void;

/** Splits a stream of bytes into records. */
export interface RecordSplitter {
  push(chunk: Uint8Array): void;
  /** To be called once, after the last chunk. */
  end(): void;
}

export const emptyRecord = (): RawRecord => ({
  bytes: new Uint8Array(0),
  start: new Int32Array(32),
  end: new Int32Array(32),
  fields: 0,
  line: 0,
});

/** Makes room for one more field. */
export function growRecord(record: RawRecord): void {
  const start = new Int32Array(record.start.length * 2);
  start.set(record.start);
  record.start = start;
  const end = new Int32Array(record.end.length * 2);
  end.set(record.end);
  record.end = end;
}

/** Text of a field, or '' where the record has no such field. */
export const fieldText = (record: RawRecord, field: number): string =>
  field < record.fields
    ? Buffer.from(record.bytes.buffer, record.bytes.byteOffset, record.bytes.byteLength).toString(
        'utf8',
        record.start[field],
        record.end[field],
      )
    : '';
