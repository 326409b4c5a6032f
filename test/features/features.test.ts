import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { features } from '../../lambdas/features/features.ts';
import type { RowOf } from '../../lambdas/lake/column.ts';
import { segmentCells } from '../../lambdas/lake/segments.ts';
import { orderLines, orders } from '../../lambdas/lake/tables/curated.ts';
import { customerFeatures, customerSnapshots } from '../../lambdas/lake/tables/features.ts';
import type { StepOutputs } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind } from '../../lambdas/platform/statement.ts';
import { day, testLake } from '../support/lake.ts';
import { type Features, featuresAsOf, outcomeOf } from './oracle.ts';
import { arbitraryOrders, customerKey, type OrderSpec, plainOrder, shopOf } from './shop.ts';

const asOf = day('2024-06-30');
const horizonDays = 60;

interface Described {
  readonly output: StepOutputs['features'];
  readonly current: Features[];
  readonly snapshots: RowOf<typeof customerSnapshots.columns>[];
}

/** Runs the step on a shop in a lake of its own. */
async function described(
  specs: readonly OrderSpec[],
  snapshotDates: readonly number[] = [],
  settings: unknown = {},
): Promise<Described> {
  const lake = await testLake('2024-06-30', settings);
  try {
    const shop = shopOf(specs);
    await lake.put(orders, shop.orders);
    await lake.put(orderLines, shop.lines);
    const output = await features(lake, {
      night: lake.night,
      horizon: { horizonDays, activeWindowDays: horizonDays, snapshotDates, testDates: [], trainingDue: true },
    });
    const read = (name: string) => bind(name, `select * from ${name}_runs`, {});
    return {
      output,
      current: await rowsOf(lake.engine, read('customer_features'), customerFeatures),
      snapshots: await rowsOf(lake.engine, read('customer_snapshots'), customerSnapshots),
    };
  } finally {
    await lake.close();
  }
}

const byName = (rows: readonly Features[], name: number): Features => {
  const found = rows.find((row) => row.customer_key === customerKey(name));
  if (!found) throw new Error(`no buyer ${name}`);
  return found;
};

describe('customer features', () => {
  it('equal the plain computation, column by column, on every snapshot date', async () => {
    const dates = [asOf, asOf - 30, asOf - 60, asOf - 61, asOf - 180, asOf - 400];
    await fc.assert(
      fc.asyncProperty(arbitraryOrders(asOf, 500, 20, 90), async (specs) => {
        const shop = shopOf(specs);
        const { current, snapshots, output } = await described(specs, dates);
        expect(current).toEqual(featuresAsOf(shop.orders, shop.lines, asOf, horizonDays));
        expect(output.buyers).toBe(current.length);
        const expected = [...dates].reverse().flatMap((date) =>
          featuresAsOf(shop.orders, shop.lines, date, horizonDays).map((row) => ({
            snapshot_on: date,
            ...row,
            ...outcomeOf(row.customer_key, shop.orders, date, horizonDays, asOf),
          })),
        );
        expect(snapshots).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('and outcomes know nothing of what is dated after as_of', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryOrders(asOf, 300, 0, 40),
        arbitraryOrders(asOf + 101, 100, 0, 15), // from the day after as_of
        async (specs, later) => {
          const dates = [asOf - 30, asOf - 60, asOf - 120];
          const { output: _, ...before } = await described(specs, dates);
          const { output: __, ...after } = await described([...specs, ...later], dates);
          expect(after).toEqual(before);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('follow refunds and cancellations as they become known', async () => {
    const order = (day: number, change: Partial<OrderSpec>) => ({ ...plainOrder(1, day), ...change });
    const specs = [
      order(asOf - 100, {}),
      order(asOf - 80, { status: 'refunded', refundedShare: 2, revisedAfter: 30 }),
      order(asOf - 60, { status: 'cancelled', revisedAfter: 20 }),
      order(asOf - 5, { status: 'credit_note', gross: 40_000n }),
    ];
    const { snapshots, current } = await described(specs, [asOf - 55, asOf - 45, asOf - 40]);
    const told = (row: Features | undefined) =>
      row && [row.frequency, row.orders, row.recency_days, row.gap_last_days, row.gross_spend, row.refunded_amount];
    expect(told(snapshots[0])).toEqual([3, 3, 5, 20, 300_000n, 0n]);
    expect(told(snapshots[1])).toEqual([2, 2, 15, 40, 300_000n, 100_000n]);
    expect(told(snapshots[2])).toEqual([1, 1, 60, null, 200_000n, 100_000n]);
    expect(told(current[0])).toEqual([1, 1, 100, null, 200_000n, 140_000n]);
    expect(current[0]?.last_refund_on).toBe(asOf - 5);
  });

  it('count the season a year before the days after the date', async () => {
    const specs = [asOf - 365, asOf - 364, asOf - 365 + horizonDays, asOf - 365 + horizonDays + 1].map((day) =>
      plainOrder(1, day),
    );
    const { current } = await described(specs);
    expect(current[0]?.orders_same_season).toBe(2);
  });

  it('leave out whoever bought nothing that still stands', async () => {
    const undone: OrderSpec = { ...plainOrder(1, asOf - 9), status: 'cancelled' };
    const note: OrderSpec = { ...plainOrder(2, asOf - 9), status: 'credit_note' };
    const { current } = await described([undone, note, plainOrder(3, asOf)]);
    expect(current.map((row) => row.customer_key)).toEqual([customerKey(3)]);
    expect(current[0]?.recency_days).toBe(0);
  });

  it('of a shop without orders are an empty partition', async () => {
    const { output, current, snapshots } = await described([], [asOf - 90]);
    expect(output).toMatchObject({ buyers: 0, featureFiles: [{ rows: 0 }], snapshotFiles: [{ rows: 0 }] });
    expect([current, snapshots]).toEqual([[], []]);
  });
});

describe('scores', () => {
  it('have one segment for every pair of recency and value', () => {
    const pairs = segmentCells.map((cell) => 5 * (cell.recencyScore - 1) + cell.valueScore);
    expect(pairs.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
  });

  it('of ties are the lower one, shared', async () => {
    const amounts = [100_000n, 100_000n, 100_000n, 100_000n, 500_000n];
    const { current } = await described(amounts.map((amount, i) => plainOrder(i, asOf - 10, amount)));
    const scores = (name: number) => {
      const row = byName(current, name);
      return [row.recency_score, row.frequency_score, row.monetary_score];
    };
    expect([0, 1, 2, 3].map(scores)).toEqual(Array(4).fill([1, 1, 1]));
    expect(scores(4)).toEqual([1, 1, 5]);
  });

  it('run from 1 to 5 in fifths of the buyers, latest purchase best', async () => {
    const { current } = await described(Array.from({ length: 10 }, (_, i) => plainOrder(i, asOf - 10 * i)));
    expect(Array.from({ length: 10 }, (_, i) => byName(current, i).recency_score)).toEqual([
      5, 5, 4, 4, 3, 3, 2, 2, 1, 1,
    ]);
  });
});

describe('snapshots', () => {
  const specs = Array.from({ length: 1500 }, (_, i) =>
    plainOrder(i, asOf - 61 - (i % 200), BigInt(1 + (i % 97)) * 10_000n),
  );

  it('have no outcome where the horizon is not over', async () => {
    const { snapshots } = await described(
      [plainOrder(1, asOf - 100), plainOrder(1, asOf)],
      [asOf - horizonDays + 1, asOf - horizonDays],
    );
    expect(snapshots.map((row) => [row.horizon_orders, row.horizon_spend])).toEqual([
      [1, 100_000n],
      [null, null],
    ]);
  });

  it('are written only when a training is due', async () => {
    const { output, snapshots } = await described([plainOrder(1, asOf - 100)]);
    expect(output).toMatchObject({ buyers: 1, snapshotFiles: [], sampleRatePct: 100 });
    expect(snapshots).toEqual([]);
  });

  it('of a sample are those of the same customers among all, with scores over all', async () => {
    const dates = [asOf - 60, asOf - 130];
    const all = await described(specs, dates);
    const sampled = await described(specs, dates, { model: { max_training_rows: 1000 } });
    expect(all.output.sampleRatePct).toBe(100);
    const customers = new Set(sampled.snapshots.map((row) => row.customer_key));
    expect(sampled.snapshots).toEqual(all.snapshots.filter((row) => customers.has(row.customer_key)));
    expect(sampled.snapshots.length).toBeLessThanOrEqual(1000);
    expect(sampled.snapshots.length).toBeGreaterThan(950);
    expect(sampled.output.sampleRatePct).toBeCloseTo((100 * customers.size) / 1500, 1);
    expect(sampled.current).toEqual(all.current);
  });
});
