import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Delivery, ToldOrder } from '../support/ingested.ts';
import { keyOf } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { curated } from './curated.ts';

const order = (id: string, on: string, more: Partial<ToldOrder> = {}): ToldOrder => ({ order_id: id, on, ...more });

describe('which version of an order wins', () => {
  test('the one that was true latest, whichever file came last', async () => {
    const { orders, output } = await curated([
      {
        file: 'late-delivery-of-old-state.csv',
        deliveredAt: '2024-06-01T00:00:00.000Z',
        orders: [order('1', '2024-01-10', { version: '2024-02-01T00:00:00Z', gross_amount: 1_0000n })],
      },
      {
        file: 'early-delivery-of-new-state.csv',
        deliveredAt: '2024-03-01T00:00:00.000Z',
        orders: [order('1', '2024-01-10', { version: '2024-02-20T00:00:00Z', gross_amount: 2_0000n })],
      },
    ]);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({ gross_amount: 2_0000n, versions_seen: 2 });
    expect(output).toMatchObject({ orders: 1, supersededOrders: 1 });
  });

  test('of equal age the one delivered later, and of one delivery the one with the larger hash', async () => {
    const told = (gross: bigint) => [
      order('1', '2024-01-10', { version: '2024-02-01T00:00:00Z', gross_amount: gross }),
    ];
    const later = await curated([
      { file: 'second.csv', deliveredAt: '2024-03-02T00:00:00.000Z', orders: told(2_0000n) },
      { file: 'first.csv', deliveredAt: '2024-03-01T00:00:00.000Z', orders: told(1_0000n) },
    ]);
    expect(later.orders[0]!.gross_amount).toBe(2_0000n);

    const sameTime = { deliveredAt: '2024-03-01T00:00:00.000Z' };
    const low: Delivery = { file: 'a', ...sameTime, orders: told(1_0000n), receipt: { file_sha256: '0a' } };
    const high: Delivery = { file: 'b', ...sameTime, orders: told(2_0000n), receipt: { file_sha256: 'f0' } };
    for (const files of [
      [low, high],
      [high, low],
    ]) {
      expect((await curated(files)).orders[0]!.gross_amount).toBe(2_0000n);
    }
  });

  test('but never a refund in a record of its own over the sale whose number it bears', async () => {
    const sale = order('1', '2024-01-10', { version: '2024-02-01T00:00:00Z', gross_amount: 20_0000n });
    const refund = (amount: bigint, version: string) =>
      order('1', '2024-03-05', { version, status: 'credit_note', gross_amount: 0n, refunded_amount: amount });
    const files = [
      { file: 'january.csv', orders: [sale] },
      { file: 'march.csv', orders: [refund(5_0000n, '2024-03-31T00:00:00Z')] },
      { file: 'march-again.csv', orders: [refund(8_0000n, '2024-04-30T00:00:00Z')] },
    ];
    const { orders, output } = await curated(files);
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      status: 'completed',
      order_date: day('2024-01-10'),
      gross_amount: 20_0000n,
      refunded_amount: 8_0000n,
      refund_known_on: day('2024-03-05'),
      versions_seen: 3,
    });
    expect(output).toMatchObject({ orders: 1, supersededOrders: 2 });
    const alone = await curated(files.slice(1));
    expect(alone.orders).toMatchObject([{ status: 'credit_note', refunded_amount: 8_0000n, versions_seen: 2 }]);
  });

  test('its lines come with it, and those of other versions do not', async () => {
    const { lines, output } = await curated([
      {
        file: 'old.csv',
        orders: [
          order('1', '2024-01-10', {
            version: '2024-02-01T00:00:00Z',
            email: 'anna',
            lines: [
              { sku: 'old', amount: 1_0000n },
              { sku: 'gone', amount: 2_0000n },
            ],
          }),
        ],
      },
      {
        file: 'new.csv',
        orders: [
          order('1', '2024-01-11', {
            version: '2024-03-01T00:00:00Z',
            email: 'anna',
            lines: [{ sku: 'new', amount: 3_0000n }],
          }),
          order('2', '2024-01-12', { lines: [{ sku: 'other', amount: 4_0000n }] }),
        ],
      },
    ]);
    expect(lines.map((line) => [line.order_id, line.sku, line.customer_key, line.order_date])).toEqual([
      ['1', 'new', keyOf('anna'), day('2024-01-11')],
      ['2', 'other', null, day('2024-01-12')],
    ]);
    expect(output).toMatchObject({ lines: 2, supersededLines: 2, supersededOrders: 1 });
  });

  test('one order number in two shops is two orders', async () => {
    const { orders } = await curated([
      { file: 'a.csv', orders: [order('1', '2024-01-10', { source: 'north' })] },
      { file: 'b.csv', orders: [order('1', '2024-01-10', { source: 'south' })] },
    ]);
    expect(orders.map((each) => [each.source, each.versions_seen])).toEqual([
      ['north', 1],
      ['south', 1],
    ]);
  });

  test('late and overlapping files give the same orders, lines and people in whatever order they lie there', async () => {
    const versions = ['2024-04-01T00:00:00Z', '2024-05-01T00:00:00Z', '2024-06-01T00:00:00Z'];
    const arbitraryFiles = fc.array(
      fc.array(
        fc.record({
          id: fc.nat({ max: 5 }),
          version: fc.constantFrom(...versions),
          gross: fc.bigInt({ min: 1n, max: 9n }),
          customer: fc.constantFrom('anna', 'ben', 'eva'),
          phone: fc.constantFrom(undefined, '1', '2'),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      { minLength: 2, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(arbitraryFiles, async (files) => {
        const deliveries = files.map(
          (rows, file): Delivery => ({
            file: `file-${file}.csv`,
            deliveredAt: `2024-07-0${1 + (file % 2)}T00:00:00.000Z`,
            orders: [...new Map(rows.map((row) => [row.id, row])).values()].map((row) =>
              order(`${row.id}`, `2024-03-0${row.id + 1}`, {
                version: row.version,
                gross_amount: row.gross,
                customer: row.customer,
                ...(row.phone && { phone: row.phone }),
                lines: [{ sku: `${file}`, amount: row.gross }],
              }),
            ),
          }),
        );
        const one = await curated(deliveries);
        const other = await curated([...deliveries].reverse());
        expect(other).toEqual(one);
        const told = new Set(files.flat().map((row) => row.id));
        expect(one.orders).toHaveLength(told.size);
      }),
      { numRuns: 5 },
    );
  });
});

describe('refunds and cancellations count from a day on', () => {
  const dated = (version: string, more: Partial<ToldOrder>): Delivery => ({
    file: `export-${version}.csv`,
    deliveredAt: `${version}T06:00:00.000Z`,
    orders: [order('1', '2024-01-10', { version: `${version}T00:00:00Z`, ...more })],
  });
  const factsOf = async (...deliveries: Delivery[]) => {
    const [found] = (await curated(deliveries)).orders;
    return {
      is_sale: found!.is_sale,
      refund_known_on: found!.refund_known_on,
      cancel_known_on: found!.cancel_known_on,
      void_on: found!.void_on,
    };
  };
  const nothing = { refund_known_on: null, cancel_known_on: null, void_on: null };

  test('a sale that stands has no such day', async () => {
    expect(await factsOf(dated('2024-02-01', {}))).toEqual({ is_sale: true, ...nothing });
  });

  test('a refund without a date: from the first export that shows it, not from the latest', async () => {
    expect(
      await factsOf(
        dated('2024-02-01', {}),
        dated('2024-03-01', { refunded_amount: 4_0000n, status: 'refunded' }),
        dated('2024-04-01', { refunded_amount: 4_0000n, status: 'refunded' }),
      ),
    ).toEqual({ ...nothing, is_sale: true, refund_known_on: day('2024-03-01') });
  });

  test('a refund that grew: from the first export that shows all of it', async () => {
    expect(
      await factsOf(
        dated('2024-02-01', { refunded_amount: 4_0000n }),
        dated('2024-03-01', { refunded_amount: 10_0000n, status: 'refunded' }),
        dated('2024-04-01', { refunded_amount: 10_0000n, status: 'refunded' }),
      ),
    ).toEqual({
      is_sale: true,
      cancel_known_on: null,
      refund_known_on: day('2024-03-01'),
      void_on: day('2024-03-01'),
    });
  });

  test('a refund with a date: from that date, when in part the order stays', async () => {
    const refunded_on = day('2024-01-20');
    expect(await factsOf(dated('2024-02-01', { refunded_amount: 9_9999n, refunded_on }))).toEqual({
      ...nothing,
      is_sale: true,
      refund_known_on: refunded_on,
    });
    expect(await factsOf(dated('2024-02-01', { refunded_amount: 10_0000n, refunded_on }))).toMatchObject({
      refund_known_on: refunded_on,
      void_on: refunded_on,
    });
  });

  test('a cancellation without a date: from the first export that shows it; with one: from that', async () => {
    expect(
      await factsOf(
        dated('2024-02-01', {}),
        dated('2024-03-01', { status: 'cancelled' }),
        dated('2024-04-01', { status: 'cancelled' }),
      ),
    ).toEqual({
      ...nothing,
      is_sale: true,
      cancel_known_on: day('2024-03-01'),
      void_on: day('2024-03-01'),
    });
    const cancelled_on = day('2024-01-12');
    expect(await factsOf(dated('2024-04-01', { status: 'cancelled', cancelled_on }))).toMatchObject({
      cancel_known_on: cancelled_on,
      void_on: cancelled_on,
    });
  });

  test('a cancellation without a date in the export of the day after as_of counts as of as_of, a later one does not', async () => {
    const cancelled = dated('2024-03-02', { status: 'cancelled' });
    const voidOn = async (asOf: string) => (await curated([cancelled], { asOf })).orders[0]!.void_on;
    expect(await voidOn('2024-03-01')).toBe(day('2024-03-01'));
    expect(await voidOn('2024-02-29')).toBe(day('2024-03-02'));
  });

  test('refunded in full and cancelled: void from the earlier of the two', async () => {
    const both = { status: 'cancelled', refunded_amount: 10_0000n };
    const [early, late] = [day('2024-01-12'), day('2024-01-20')];
    expect(await factsOf(dated('2024-02-01', { ...both, cancelled_on: early, refunded_on: late }))).toMatchObject({
      void_on: early,
    });
    expect(await factsOf(dated('2024-02-01', { ...both, cancelled_on: late, refunded_on: early }))).toMatchObject({
      void_on: early,
      refund_known_on: early,
      cancel_known_on: late,
    });
  });

  test('a cancellation that was taken back is none', async () => {
    expect(await factsOf(dated('2024-02-01', { status: 'cancelled' }), dated('2024-03-01', {}))).toEqual({
      is_sale: true,
      ...nothing,
    });
  });

  test('a credit note is a refund of its own day and no sale', async () => {
    expect(
      await factsOf(dated('2024-02-01', { status: 'credit_note', gross_amount: 0n, refunded_amount: 5_0000n })),
    ).toMatchObject({ is_sale: false, refund_known_on: day('2024-01-10') });
  });

  test.each(['pending', 'failed', 'test'])('an order that is %s is no sale', async (status) => {
    expect(await factsOf(dated('2024-02-01', { status }))).toMatchObject({ is_sale: false });
  });

  test('an order of nothing is no sale', async () => {
    expect(await factsOf(dated('2024-02-01', { gross_amount: 0n }))).toEqual({ is_sale: false, ...nothing });
  });
});
