import { absent, type BytePool } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { textRef } from './texts.ts';

const consentWords: Readonly<Record<string, number>> = {
  yes: 1,
  y: 1,
  true: 1,
  t: 1,
  '1': 1,
  subscribed: 1,
  'opted in': 1,
  no: 0,
  n: 0,
  false: 0,
  f: 0,
  '0': 0,
  unsubscribed: 0,
  'not subscribed': 0,
  'opted out': 0,
};

/** Whether a word says that a person agreed to be written to: 1 yes, 0 no, -1 neither. */
export const consentNamed = (word: string): number => consentWords[word.toLowerCase()] ?? -1;

/** Whether a person agreed to be written to: 1 yes, 0 no, -1 where the column does not say. */
export function consentIn(record: RawRecord, column: number, pool: BytePool): number {
  const word = textRef(record, column, pool);
  return word === absent ? -1 : consentNamed(pool.text(word));
}
