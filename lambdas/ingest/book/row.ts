import { absent, type BytePool, createBytePool } from '../records/byte-pool.ts';

/** Stands for "no such time"; no order is as old as 1970. */
export const noTime = 0n;
/** Stands for "no such day". */
export const noDay = 0;
/** Stands for "no such amount". */
export const noAmount = -(2n ** 63n);
/** Stands for "no status stated". */
export const noStatus = -1;

/** Where the texts of a file are kept; a row refers to them by number, or by `absent`. */
export interface Pools {
  /** Order numbers; the number of a text is the number of the order. */
  readonly orders: BytePool;
  readonly customers: BytePool;
  readonly emails: BytePool;
  readonly phones: BytePool;
  /** Given and family names. */
  readonly names: BytePool;
  /** Values of which there are few: articles, countries, channels, currencies. */
  readonly words: BytePool;
}

/** Empty pools. */
export const createPools = (): Pools => ({
  orders: createBytePool(),
  customers: createBytePool(),
  emails: createBytePool(),
  phones: createBytePool(),
  names: createBytePool(),
  words: createBytePool(),
});

/** Gives back what only reading needs of pools; texts can still be looked up. */
export function sealPools(pools: Pools): void {
  for (const pool of Object.values(pools) as BytePool[]) pool.seal();
}

/** One record as understood. The same object is filled again for each record. */
export interface Row {
  /** Number of the record in the file, from 1. */
  recordNo: number;
  order: number;
  /** UTC microseconds. */
  orderedAt: bigint;
  updatedAt: bigint;
  customer: number;
  email: number;
  phone: number;
  firstName: number;
  lastName: number;
  country: number;
  channel: number;
  /** `absent` where the record states none. */
  currency: number;
  /** Number of the status in `orderStatuses`, or `noStatus`. */
  status: number;
  /** Ten-thousandths. */
  total: bigint;
  /** 0 where the file has no such column. */
  refunded: bigint;
  discount: bigint;
  refundedOn: number;
  cancelledOn: number;
  birthday: number;
  /** 1 yes, 0 no, -1 not stated. */
  consent: number;
  sku: number;
  product: number;
  category: number;
  quantity: bigint;
  unitPrice: bigint;
  /** True when the same record of the order was read before, in layouts where no two are alike. */
  isRepeat: boolean;
}

export const emptyRow = (): Row => ({
  recordNo: 0,
  order: absent,
  orderedAt: noTime,
  updatedAt: noTime,
  customer: absent,
  email: absent,
  phone: absent,
  firstName: absent,
  lastName: absent,
  country: absent,
  channel: absent,
  currency: absent,
  status: noStatus,
  total: noAmount,
  refunded: 0n,
  discount: 0n,
  refundedOn: noDay,
  cancelledOn: noDay,
  birthday: noDay,
  consent: -1,
  sku: absent,
  product: absent,
  category: absent,
  quantity: noAmount,
  unitPrice: noAmount,
  isRepeat: false,
});
