import { instantText } from './book/accepted-order.ts';
import { noScore, type SuppressionReason, suppressionReasons } from './book/people-book.ts';
import { noTime } from './book/row.ts';
import type { PeopleContents } from './read/read-people.ts';
import type { RecordTrail } from './record-trail.ts';
import { absent, type BytePool } from './records/byte-pool.ts';

/** What a record tells of a person, as ingest would take it: addresses and numbers in normal form. */
export interface CheckedPerson {
  readonly record_no: number;
  readonly line_no: number | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly customer_id: string | null;
  /** ISO 8601 in UTC; null where the file's time counts. */
  readonly told_at: string | null;
  /** Answers of a survey, or null. */
  readonly nps: number | null;
  readonly csat: number | null;
  readonly theme: string | null;
  /** Why somebody is suppressed; `other` also where it is no matter of that. */
  readonly reason: SuppressionReason;
}

const textOrNull = (pool: BytePool, ref: number): string | null => (ref === absent ? null : pool.text(ref));
const scoreOrNull = (score: number): number | null => (score === noScore ? null : score);

/** Accepted records in order of their number. */
export function* checkedPeople({ book, pools }: PeopleContents, trail: RecordTrail): Generator<CheckedPerson> {
  const { columns } = book;
  for (let i = 0; i < book.size; i++) {
    const toldAt = columns.toldAt[i]!;
    yield {
      record_no: columns.record[i]!,
      line_no: trail.lineOf(columns.record[i]!),
      email: textOrNull(pools.emails, columns.email[i]!),
      phone: textOrNull(pools.phones, columns.phone[i]!),
      customer_id: textOrNull(pools.customers, columns.customer[i]!),
      told_at: toldAt === noTime ? null : instantText(toldAt),
      nps: scoreOrNull(columns.nps[i]!),
      csat: scoreOrNull(columns.csat[i]!),
      theme: textOrNull(pools.words, columns.theme[i]!),
      reason: suppressionReasons[columns.reason[i]!]!,
    };
  }
}
