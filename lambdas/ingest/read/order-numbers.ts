import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent, type BytePool, createBytePool } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { createMadeIds, hasField, idRef } from './texts.ts';

/** Why a record has no order number, and the column that is to blame. */
export interface OrderNumberProblem {
  readonly reason: RejectReason;
  readonly column: number;
}

/** Finds the order that a record tells of; `absent` where it does not say. */
export type OrderNumbers = (record: RawRecord) => number | OrderNumberProblem;

const refOrProblem = (ref: number | RejectReason, column: number): number | OrderNumberProblem =>
  typeof ref === 'string' ? { reason: ref, column } : ref;

/**
 * Numbers of orders whose records share a name, the number standing on the first of them alone. Records without number
 * belong to the latest order of their name; where no record has a number, a name with another time is another order.
 */
function namedOrders(plan: Plan, orders: BytePool): OrderNumbers {
  const idColumn = plan.columns.order_id ?? -1;
  const timeColumn = plan.columns.order_ts ?? -1;
  const nameColumn = plan.special.orderName;
  const names = createBytePool();
  const times = createBytePool();
  /** Latest order of each name, and its time as written, by the number of the name. */
  const latestOrder: number[] = [];
  const latestTime: number[] = [];
  const inRecord = (record: RawRecord, column: number): number => (column < record.fields ? column : -1);

  return (record) => {
    const name = idRef(record, inRecord(record, nameColumn), names, false);
    if (typeof name === 'string') return { reason: name, column: nameColumn };
    const id = idRef(record, inRecord(record, idColumn), orders, false);
    if (typeof id === 'string') return { reason: id, column: idColumn };
    if (name === absent) return id;
    const written = idRef(record, inRecord(record, timeColumn), times, false);
    const time = typeof written === 'string' ? absent : written;
    const known = latestOrder[name];
    const knownTime = latestTime[name] ?? absent;
    if (known !== undefined && id === absent && (time === absent || knownTime === absent || time === knownTime)) {
      return known;
    }
    let order = id;
    if (id === absent) {
      const suffix = known === undefined ? '' : `|${times.text(time)}`;
      order = orders.internText(names.text(name) + suffix);
    }
    latestOrder[name] = order;
    latestTime[name] = time;
    return order;
  };
}

/** Numbers of orders whose further lines leave number, time and total blank. */
function continuedOrders(plan: Plan, numbers: OrderNumbers): OrderNumbers {
  const { order_id = -1, order_ts = -1, total = -1 } = plan.columns;
  let above: number = absent;
  return (record) => {
    const isContinued =
      above !== absent && ![order_id, order_ts, total].some((at) => at < record.fields && hasField(record, at));
    if (isContinued) return above;
    const order = numbers(record);
    above = typeof order === 'number' ? order : absent;
    return order;
  };
}

/** Creates what finds the order of each record of a file, in the order of the records. */
export function createOrderNumbers(plan: Plan, orders: BytePool): OrderNumbers {
  if (plan.madeFrom) return createMadeIds(plan.madeFrom, orders);
  if (plan.special.orderName >= 0) return namedOrders(plan, orders);
  const column = plan.columns.order_id ?? -1;
  const isInteger = plan.layout.integerText.includes('order_id');
  const numbers: OrderNumbers = (record) =>
    column >= record.fields ? absent : refOrProblem(idRef(record, column, orders, isInteger), column);
  return plan.layout.blankContinues ? continuedOrders(plan, numbers) : numbers;
}
