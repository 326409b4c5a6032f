import { normalCustomerId, normalEmail, normalPhone } from '../../platform/normal-forms.ts';
import type { Telling } from '../book/people-book.ts';
import type { Pools } from '../book/row.ts';
import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent, type BytePool } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { emailRef, hasField, idRef, phoneRef } from './texts.ts';

/** Why a record cannot be read, and the position of the column that is to blame, or -1. */
export interface ReadProblem {
  readonly reason: RejectReason;
  readonly column: number;
}

/**
 * Creates the reader of whom a record is about. Pools hold normal forms, so that equal numbers are the same address,
 * number or customer.
 * @param ofNobody reason of records whose columns of people are all blank
 */
export function createPersonReader(
  { columns: { email = -1, phone = -1, customer_id: customer = -1 } }: Plan,
  pools: Pools,
  ofNobody: RejectReason,
): (record: RawRecord, telling: Telling) => ReadProblem | null {
  const given = pools.names;
  const normal = (ref: number, normalise: (text: string) => string | null, pool: BytePool): number => {
    const form = ref === absent ? null : normalise(given.text(ref));
    return form === null ? absent : pool.internText(form);
  };
  return (record, telling) => {
    const address = emailRef(record, email, given);
    if (typeof address === 'string') return { reason: address, column: email };
    const id = idRef(record, customer, given, false);
    if (typeof id === 'string') return { reason: id, column: customer };
    telling.email = normal(address, normalEmail, pools.emails);
    telling.phone = normal(phoneRef(record, phone, given), normalPhone, pools.phones);
    telling.customer = normal(id, normalCustomerId, pools.customers);
    if (telling.email !== absent || telling.phone !== absent || telling.customer !== absent) return null;
    const column = [email, phone, customer].find((at) => hasField(record, at));
    return column === undefined ? { reason: ofNobody, column: -1 } : { reason: 'no_person', column };
  };
}
