import { type IngestConfig, type OrderStatus, orderStatuses } from '../../platform/config/ingest.ts';
import { noStatus, type Pools } from '../book/row.ts';
import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { textRef } from './texts.ts';

const completed = orderStatuses.indexOf('completed');

/** A word of a status in lower case, as it stands and as shops spell it otherwise. */
function spellings(word: string): string[] {
  const lower = word.toLowerCase();
  return [lower, lower.replace(/^wc-/, '').replace(/[\s_-]+/g, ' ')];
}

/** Creates the reader of one file's statuses: numbers in `orderStatuses`, or `noStatus` where a record states none. */
export function createStatusReader(
  plan: Plan,
  { words }: Pools,
  config: IngestConfig,
): (record: RawRecord) => number | RejectReason {
  const column = plan.columns.status ?? -1;
  const { conditions } = plan.special;
  const given = new Map(Object.entries(config.statuses).map(([word, status]) => [word.toLowerCase(), status] as const));
  const statuses = new Map<string, OrderStatus>([...Object.entries(plan.layout.statuses), ...given]);
  /** The user's words are for columns of statuses; what is special to a shop's export keeps its meaning. */
  const own = plan.layout.signatures.length === 0 ? given : new Map<string, OrderStatus>();
  const statusOfWord = new Map<number, number>();

  const stated = (record: RawRecord): number | RejectReason => {
    const word = textRef(record, column, words);
    if (word === absent) return noStatus;
    let number = statusOfWord.get(word);
    if (number === undefined) {
      const known = spellings(words.text(word))
        .map((spelled) => statuses.get(spelled))
        .find((status) => status !== undefined);
      number = known === undefined ? noStatus : orderStatuses.indexOf(known);
      statusOfWord.set(word, number);
    }
    return number === noStatus ? 'unknown_status' : number;
  };

  const otherwise = (record: RawRecord): OrderStatus | undefined => {
    for (const { column, statuses } of conditions) {
      const word = textRef(record, column, words);
      if (word === absent) continue;
      const found = spellings(words.text(word))
        .map((spelled) => own.get(spelled) ?? statuses[spelled])
        .find((status) => status !== undefined);
      if (found !== undefined && found !== 'completed') return found;
    }
    return undefined;
  };

  return (record) => {
    const status = stated(record);
    if (typeof status === 'string' || (status !== noStatus && status !== completed)) return status;
    const other = conditions.length === 0 ? undefined : otherwise(record);
    return other === undefined ? status : orderStatuses.indexOf(other);
  };
}
