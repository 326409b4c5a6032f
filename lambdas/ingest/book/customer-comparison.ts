import { normalCustomerId, normalEmail, normalPhone } from '../../platform/normal-forms.ts';
import { absent, type BytePool } from '../records/byte-pool.ts';
import type { OrderColumns } from './order-columns.ts';
import type { Pools, Row } from './row.ts';

/** Compares what a record and the book say about who placed an order, in normal forms. */
export interface CustomerComparison {
  /** True for two ways of writing one e-mail address, as with capitals. */
  isSameEmail(a: number, b: number): boolean;
  /** True when both name somebody in the same way, and nothing that they share is the same. */
  areStrangers(columns: OrderColumns, row: Row): boolean;
}

/** Compares the customers of one file. */
export function createCustomerComparison(pools: Pools): CustomerComparison {
  const normal = (pool: BytePool, ref: number, normalise: (given: string) => string | null): string | null =>
    ref === absent ? null : normalise(pool.text(ref));
  const kinds = [
    ['customer', pools.customers, normalCustomerId],
    ['email', pools.emails, normalEmail],
    ['phone', pools.phones, normalPhone],
  ] as const;
  return {
    isSameEmail: (a, b) =>
      a === b ||
      (a !== absent && b !== absent && normal(pools.emails, a, normalEmail) === normal(pools.emails, b, normalEmail)),
    areStrangers(columns, row) {
      let differs = false;
      for (const [name, pool, normalise] of kinds) {
        const known = normal(pool, columns[name][row.order]!, normalise);
        const given = normal(pool, row[name], normalise);
        if (known === null || given === null) continue;
        if (known === given) return false;
        differs = true;
      }
      return differs;
    },
  };
}
