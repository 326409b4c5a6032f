import { describe, expect, test } from 'vitest';
import { curate } from '../../lambdas/curate/curate.ts';
import type { TableRow } from '../../lambdas/lake/table.ts';
import { customers } from '../../lambdas/lake/tables/curated.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { settleCustomers } from '../../lambdas/publish/customers.ts';
import { type Delivery, deliver } from '../support/ingested.ts';
import { day, testLake } from '../support/lake.ts';

/** The people of a lake of their own into which these exports were delivered. */
async function peopleOf(deliveries: readonly Delivery[]): Promise<TableRow<typeof customers>[]> {
  const lake = await testLake('2024-12-31');
  try {
    for (const delivery of deliveries) await deliver(lake, delivery);
    const night = await claim(lake, day('2024-12-31'));
    await curate(lake, { night });
    await settleCustomers(lake, night.run);
    return await rowsOf(lake.engine, { name: 'customers', sql: 'select * from customers_runs' }, customers);
  } finally {
    await lake.close();
  }
}

describe('customers', () => {
  test('have the latest contact data that any export states, each column for itself', async () => {
    const found = await peopleOf([
      {
        file: 'b.csv',
        orders: [
          {
            order_id: '3',
            on: '2024-05-01',
            customer: 'c1',
            contact: { customer_id: 'c1', email: null, first_name: 'Anne', country: null },
          },
        ],
      },
      {
        file: 'a.csv',
        orders: [
          {
            order_id: '1',
            on: '2024-01-01',
            email: 'anna@old',
            customer: 'c1',
            contact: { email: 'anna@old.example', first_name: 'Anna', country: 'HU', phone: '+36 20 1' },
          },
          {
            order_id: '2',
            on: '2024-03-01',
            email: 'anna@new',
            customer: 'c1',
            contact: { email: 'anna@new.example', last_name: 'Kiss', birthday: day('1990-01-02') },
          },
        ],
      },
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      customer_id: 'c1',
      email: 'anna@new.example',
      first_name: 'Anne',
      last_name: 'Kiss',
      country: 'HU',
      phone: '+36 20 1',
      birthday: day('1990-01-02'),
      first_seen_at: BigInt(Date.parse('2024-01-01T12:00:00Z')) * 1000n,
      last_seen_at: BigInt(Date.parse('2024-05-01T12:00:00Z')) * 1000n,
    });
  });

  test.each<[string, (boolean | null)[], boolean | null]>([
    ['yes, then no', [true, false], false],
    ['no, then yes', [false, true], true],
    ['no, then nothing said', [false, null], false],
    ['yes, then nothing said', [true, null, null], true],
    ['never said', [null, null], null],
  ])('consent is what was last stated: %s', async (_, stated, expected) => {
    const deliveries = stated.map((accepts_marketing, i) => ({
      file: `${i}.csv`,
      orders: [{ order_id: `${i}`, on: `2024-0${i + 1}-01`, email: 'anna', contact: { accepts_marketing } }],
    }));
    expect((await peopleOf(deliveries))[0]!.accepts_marketing).toBe(expected);
    expect((await peopleOf([...deliveries].reverse()))[0]!.accepts_marketing).toBe(expected);
  });
});

test('a "no" told later about an older order outlives the "yes" of a newer one', async () => {
  const later = {
    file: 'later.csv',
    orders: [
      {
        order_id: '1',
        on: '2024-01-05',
        version: '2024-06-02T00:00:00Z',
        email: 'anna',
        contact: { accepts_marketing: false },
      },
    ],
  };
  const earlier = {
    file: 'earlier.csv',
    orders: [
      {
        order_id: '2',
        on: '2024-05-20',
        version: '2024-06-01T00:00:00Z',
        email: 'anna',
        contact: { accepts_marketing: true },
      },
    ],
  };
  expect((await peopleOf([earlier, later]))[0]!.accepts_marketing).toBe(false);
  expect((await peopleOf([later, earlier]))[0]!.accepts_marketing).toBe(false);
});
