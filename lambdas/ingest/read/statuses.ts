import { type IngestConfig, type OrderStatus, orderStatuses } from '../../platform/config/ingest.ts';
import { noStatus, type Pools } from '../book/row.ts';
import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { textRef } from './texts.ts';

const completed = orderStatuses.indexOf('completed');

/** Creates the reader of one file's statuses: numbers in `orderStatuses`, or `noStatus` where a record states none. */
export function createStatusReader(plan: Plan, { words }: Pools, config: IngestConfig) {
  const column = plan.columns.status ?? -1;
  const { conditions } = plan.special;
  const statuses = new Map<string, OrderStatus>([
    ...Object.entries(plan.layout.statuses),
    ...Object.entries(config.statuses).map(([word, status]) => [word.toLowerCase(), status] as const),
  ]);
  const statusOfWord = new Map<number, number>();

  const stated = (record: RawRecord): number | RejectReason => {
    const word = textRef(record, column, words);
    if (word === absent) return noStatus;
    let number = statusOfWord.get(word);
    if (number === undefined) {
      const lower = words.text(word).toLowerCase();
      const known = statuses.get(lower) ?? statuses.get(lower.replace(/^wc-/, '').replace(/[\s_-]+/g, ' '));
      number = known === undefined ? noStatus : orderStatuses.indexOf(known);
      statusOfWord.set(word, number);
    }
    return number === noStatus ? 'unknown_status' : number;
  };

  return (record: RawRecord): number | RejectReason => {
    const status = stated(record);
    if (typeof status === 'string' || (status !== noStatus && status !== completed)) return status;
    for (const condition of conditions) {
      const word = textRef(record, condition.column, words);
      const other = word === absent ? undefined : condition.statuses[words.text(word).toLowerCase()];
      if (other !== undefined) return orderStatuses.indexOf(other);
    }
    return status;
  };
}
