import { createBytePool } from '../records/byte-pool.ts';
import { ensureRoom } from './columns.ts';
import { createRejects, type Rejects } from './rejects.ts';
import { noTime } from './row.ts';

/** Why somebody is suppressed, in the words of the lake. */
export const suppressionReasons = ['other', 'unsubscribed', 'complained', 'bounced', 'erased'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** Stands for "did not answer this question". */
export const noScore = -1;

/** One record about a person as understood; the same object is filled again for each record. */
export interface Telling {
  /** Number of the record in the file, from 1. */
  recordNo: number;
  /** Numbers of normal forms in their pools, or `absent`. */
  email: number;
  phone: number;
  customer: number;
  /** UTC microseconds, or `noTime`. */
  toldAt: bigint;
  nps: number;
  csat: number;
  theme: number;
  /** Number in `suppressionReasons`. */
  reason: number;
}

type TellingColumns = {
  record: Int32Array;
  email: Int32Array;
  phone: Int32Array;
  customer: Int32Array;
  toldAt: BigInt64Array;
  nps: Int8Array;
  csat: Int8Array;
  theme: Int32Array;
  reason: Uint8Array;
};

/** What one file tells of people, gathered record by record in columns of numbers. */
export interface PeopleBook {
  readonly columns: TellingColumns;
  readonly rejects: Rejects;
  /** Records that were taken. */
  readonly size: number;
  readonly duplicates: number;
  /** Answers of one person to one question at one time that differ: the later record counts. */
  readonly conflicts: number;
  /** Takes an understood record, or recognises it as a repeat. */
  add(telling: Readonly<Telling>): void;
}

/** Finds records that say the same as one before, and answers that contradict one before. */
function createRepeats(): (telling: Readonly<Telling>) => 'new' | 'repeat' | 'conflict' {
  const said = createBytePool();
  const answered = createBytePool();
  const isNew = (pool: typeof said, text: string): boolean => {
    const { size } = pool;
    return pool.internText(text) >= size;
  };
  return ({ email, phone, customer, toldAt, nps, csat, theme, reason }) => {
    const about = `${email} ${phone} ${customer} ${toldAt}`;
    if (!isNew(said, `${about} ${nps} ${csat} ${theme} ${reason}`)) return 'repeat';
    const questions = [nps === noScore ? '' : 'nps', csat === noScore ? '' : 'csat'].filter((name) => name !== '');
    const isFirst = questions.map((question) => isNew(answered, `${about} ${question}`));
    return isFirst.includes(false) ? 'conflict' : 'new';
  };
}

/** An empty book. */
export function createPeopleBook(): PeopleBook {
  const columns: TellingColumns = {
    record: new Int32Array(64),
    email: new Int32Array(64),
    phone: new Int32Array(64),
    customer: new Int32Array(64),
    toldAt: new BigInt64Array(64).fill(noTime),
    nps: new Int8Array(64),
    csat: new Int8Array(64),
    theme: new Int32Array(64),
    reason: new Uint8Array(64),
  };
  const repeatOf = createRepeats();
  let size = 0;
  let duplicates = 0;
  let conflicts = 0;
  return {
    columns,
    rejects: createRejects(),
    get size() {
      return size;
    },
    get duplicates() {
      return duplicates;
    },
    get conflicts() {
      return conflicts;
    },
    add(telling) {
      const found = repeatOf(telling);
      if (found === 'repeat') {
        duplicates++;
        return;
      }
      if (found === 'conflict') conflicts++;
      ensureRoom(columns, size);
      columns.record[size] = telling.recordNo;
      columns.email[size] = telling.email;
      columns.phone[size] = telling.phone;
      columns.customer[size] = telling.customer;
      columns.toldAt[size] = telling.toldAt;
      columns.nps[size] = telling.nps;
      columns.csat[size] = telling.csat;
      columns.theme[size] = telling.theme;
      columns.reason[size] = telling.reason;
      size++;
    },
  };
}
