import { describe, expect, test } from 'vitest';
import type { ToldOrder } from '../support/ingested.ts';
import { curated } from './curated.ts';

describe('rates', () => {
  const inDollars = (order_id: string, on: string, gross_amount: bigint, more: Partial<ToldOrder> = {}): ToldOrder => ({
    order_id,
    on,
    gross_amount,
    currency: 'USD',
    ...more,
  });
  const settings = {
    shop: { currency: 'EUR' },
    rates: [
      { currency: 'USD', valid_from: '2024-03-01', rate: '0.861234' },
      { currency: 'USD', valid_from: '2024-02-01', rate: '2' },
      { currency: 'GBP', valid_from: '2024-02-15', rate: '1.17' },
    ],
  };

  test('hold from their day until the day before the next of their currency', async () => {
    const found = await curated(
      [
        {
          file: 'a.csv',
          orders: [
            inDollars('1', '2024-01-31', 10_0000n),
            inDollars('2', '2024-02-01', 10_0000n),
            inDollars('3', '2024-02-29', 10_0000n),
            inDollars('4', '2024-03-01', 10_0000n),
            inDollars('5', '2030-01-01', 10_0000n),
            { order_id: '6', on: '2024-01-31', gross_amount: 10_0000n },
            { order_id: '7', on: '2024-03-01', gross_amount: 10_0000n, currency: 'CHF' },
          ],
        },
      ],
      { settings },
    );
    expect(found.orders.map((order) => order.gross_reporting)).toEqual([
      null,
      20_0000n,
      20_0000n,
      8_6123n,
      8_6123n,
      10_0000n,
      null,
    ]);
    expect(found.output.ordersWithoutRate).toBe(2);
    expect(found.orders).toHaveLength(7);
  });

  test('convert gross, refund and discount by exact decimals, half away from zero at the fourth', async () => {
    const amounts = [1n, 5_8056n, 99_999_999_999_9999n, 12_345_678_901_2345n];
    const found = await curated(
      [
        {
          file: 'a.csv',
          orders: amounts.map((amount, i) =>
            inDollars(`${i}`, '2024-04-01', amount, { refunded_amount: amount / 3n, discount_amount: amount / 7n }),
          ),
        },
      ],
      { settings },
    );
    const converted = (amount: bigint) => (amount * 861_234n * 2n + 1_000_000n) / 2_000_000n;
    for (const [i, amount] of amounts.entries()) {
      expect(found.orders[i]).toMatchObject({
        gross_reporting: converted(amount),
        refunded_reporting: converted(amount / 3n),
        discount_reporting: converted(amount / 7n),
        net_amount: amount - amount / 3n,
      });
    }
  });

  test('a rate given for the reporting currency itself changes nothing', async () => {
    const found = await curated([{ file: 'a.csv', orders: [{ order_id: '1', on: '2024-04-01' }] }], {
      settings: { shop: { currency: 'EUR' }, rates: [{ currency: 'EUR', valid_from: '2024-01-01', rate: '3' }] },
    });
    expect(found.orders.map((order) => order.gross_reporting)).toEqual([10_0000n]);
  });
});
