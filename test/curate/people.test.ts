import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curate } from '../../lambdas/curate/curate.ts';
import { resolveIdentities } from '../../lambdas/curate/identity.ts';
import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import { text } from '../../lambdas/lake/column.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { LakeAccessError } from '../../lambdas/platform/errors.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { memoryFile } from '../ingest/memory-file.ts';
import { keyOf, type ToldOrder } from '../support/ingested.ts';
import { day, testLake } from '../support/lake.ts';
import { curated } from './curated.ts';

/** Which customer each order belongs to, the orders as one export told them. */
async function ownersOf(orders: readonly ToldOrder[]): Promise<(string | null)[]> {
  const found = await curated([{ file: 'a.csv', orders }]);
  const owners = new Map(found.orders.map((order) => [order.order_id, order.customer_key]));
  return orders.map((order) => owners.get(order.order_id) ?? null);
}

describe('identities', () => {
  test('e-mail, customer number and phone that occur together are one person, through others too', async () => {
    const owners = await ownersOf([
      { order_id: '1', on: '2024-03-01', email: 'anna@new' },
      { order_id: '2', on: '2024-03-02', email: 'anna@new', customer: 'c1' },
      { order_id: '3', on: '2024-03-03', customer: 'c1', phone: '123' },
      { order_id: '4', on: '2024-03-04', email: 'anna@old', phone: '123' },
      { order_id: '5', on: '2024-03-05', email: 'ben' },
    ]);
    expect(owners).toEqual([...Array(4).fill(keyOf('anna@new')), keyOf('ben')]);
  });

  test('the key seen earliest leads, in whichever file it is', async () => {
    const found = await curated([
      {
        file: 'new.csv',
        deliveredAt: '2024-05-01T00:00:00.000Z',
        orders: [{ order_id: '2', on: '2024-04-01', email: 'anna', customer: 'c1' }],
      },
      {
        file: 'old.csv',
        deliveredAt: '2024-06-01T00:00:00.000Z',
        orders: [{ order_id: '1', on: '2020-01-01', customer: 'c1' }],
      },
    ]);
    expect(found.orders.map((order) => order.customer_key)).toEqual([keyOf('c1'), keyOf('c1')]);
    expect(found.output.customers).toBe(1);
  });

  test('an order without any key belongs to nobody, and is counted', async () => {
    const found = await curated([
      {
        file: 'a.csv',
        orders: [
          { order_id: '1', on: '2024-03-01' },
          { order_id: '2', on: '2024-03-01', email: 'anna' },
        ],
      },
    ]);
    expect(found.orders.map((order) => order.customer_key)).toEqual([null, keyOf('anna')]);
    expect(found.output).toMatchObject({ ordersWithoutCustomer: 1, customers: 1 });
  });

  test('placeholder addresses, numbers and phones of an export never merge strangers', async () => {
    const lake = await testLake('2024-12-31');
    try {
      const rows = [
        'order_id,customer_id,email,phone,order_ts,total,currency',
        '1,c1,guest@shop.example,000000000,2024-03-01,10.00,EUR',
        '2,c2,guest@shop.example,000000000,2024-03-02,10.00,EUR',
        '3,guest,noreply@shop.example,,2024-03-03,10.00,EUR',
        '4,0,,000000000,2024-03-04,10.00,EUR',
        '5,c5,eva@shop.example,+36 20 123 4567,2024-03-05,10.00,EUR',
        '6,c6,EVA@Shop.Example,,2024-03-06,10.00,EUR',
        '7,c7,,0036201234567,2024-03-07,10.00,EUR',
      ];
      const file = memoryFile('orders.csv', rows.join('\n'));
      await ingestFile(lake, { file, limits: localLimits });
      await curate(lake, { night: await claim(lake, day('2024-12-31')) });
      const owners = await rowsOf(
        lake.engine,
        { name: 'owners', sql: "select order_id, coalesce(customer_key, 'nobody') as customer_key from orders_runs" },
        { columns: { order_id: text(''), customer_key: text('') }, key: ['order_id'] },
      );
      const customer = (id: string) => lake.keys.pseudonym('customer', `shop:${id}`);
      const eva = lake.keys.pseudonym('email', 'eva@shop.example');
      const persons = owners.map((row) => row.customer_key);
      expect(persons.slice(0, 4)).toEqual([customer('c1'), customer('c2'), 'nobody', 'nobody']);
      expect(new Set(persons.slice(4)).size).toBe(1);
      expect([eva, customer('c5'), lake.keys.pseudonym('phone', '36201234567')]).toContain(persons[4]);
    } finally {
      await lake.close();
    }
  });

  test('are the connected groups of the links, each led by its oldest key, in whatever order the links come', async () => {
    const arbitraryLinks = fc
      .array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), { maxLength: 40 })
      .chain((pairs) => fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length })));
    const seenAt = (key: number): bigint => BigInt((key * 7) % 5);
    const name = (key: number): string => key.toString(16).padStart(32, '0');
    async function* links(pairs: readonly (readonly [number, number])[]) {
      for (const [a, b] of pairs) {
        yield { left_key: name(a), right_key: name(b), left_seen_at: seenAt(a), right_seen_at: seenAt(b) };
      }
    }
    /** Spreads the smallest (age, name) over each group until nothing changes. */
    const plainly = (pairs: readonly (readonly [number, number])[]) => {
      const keys = [...new Set(pairs.flat())];
      const leader = new Map(keys.map((key) => [key, key]));
      const isOlder = (a: number, b: number) => (seenAt(a) === seenAt(b) ? name(a) < name(b) : seenAt(a) < seenAt(b));
      for (let changed = true; changed; ) {
        changed = false;
        for (const [a, b] of [...pairs, ...pairs.map(([p, q]) => [q, p] as const)]) {
          if (!isOlder(leader.get(a)!, leader.get(b)!)) continue;
          leader.set(b, leader.get(a)!);
          changed = true;
        }
      }
      return keys
        .filter((key) => leader.get(key) !== key)
        .map((key) => ({ identity_key: name(key), customer_key: name(leader.get(key)!) }))
        .sort((a, b) => (a.identity_key < b.identity_key ? -1 : 1));
    };
    await fc.assert(
      fc.asyncProperty(arbitraryLinks, async ([pairs, shuffled]) => {
        const resolved = [...(await resolveIdentities(links(pairs)))];
        expect(resolved).toEqual(plainly(pairs));
        expect([...(await resolveIdentities(links(shuffled)))]).toEqual(resolved);
      }),
      { numRuns: 200 },
    );
  });
});

test('keys are told apart by every digit, however many there are', async () => {
  const people = 70_000;
  const name = (person: number, kind: string): string =>
    createHash('sha256').update(`${kind} ${person}`).digest('hex').slice(0, 32);
  async function* links() {
    for (let person = 0; person < people; person++) {
      const seen = { left_seen_at: 1n, right_seen_at: 0n };
      yield { left_key: name(person, 'phone'), right_key: name(person, 'email'), ...seen };
    }
    // differ from one key in the last digit alone
    yield { left_key: `${'0'.repeat(31)}1`, right_key: `${'0'.repeat(31)}2`, left_seen_at: -1n, right_seen_at: -2n };
  }
  const resolved = [...(await resolveIdentities(links()))];
  expect(resolved).toHaveLength(people + 1);
  expect(resolved[0]).toEqual({ identity_key: `${'0'.repeat(31)}1`, customer_key: `${'0'.repeat(31)}2` });
  expect(resolved.map((row) => row.identity_key)).toEqual(resolved.map((row) => row.identity_key).toSorted());
  const leaders = new Map(resolved.map((row) => [row.identity_key, row.customer_key]));
  for (let person = 0; person < people; person += 997) {
    expect(leaders.get(name(person, 'phone'))).toBe(name(person, 'email'));
  }
});

test('what is no key of winback is refused', async () => {
  for (const key of ['', 'anna@shop.example', 'A'.repeat(32), 'a'.repeat(33), 'é'.repeat(32)]) {
    async function* links() {
      yield { left_key: 'a'.repeat(32), right_key: key, left_seen_at: 0n, right_seen_at: 0n };
    }
    await expect(resolveIdentities(links()), key).rejects.toThrow(LakeAccessError);
  }
});

test('an order dated after as_of joins nobody yet', async () => {
  const files = [
    {
      file: 'a.csv',
      orders: [
        { order_id: '1', on: '2024-03-01', customer: 'c1' },
        { order_id: '2', on: '2024-03-02', email: 'anna' },
        { order_id: '3', on: '2024-06-01', customer: 'c1', email: 'anna' },
      ],
    },
  ];
  const keysAsOf = async (asOf: string) => {
    const { orders } = await curated(files, { asOf });
    return new Map(orders.map(({ order_id, customer_key }) => [order_id, customer_key]));
  };
  const before = await keysAsOf('2024-05-31');
  expect([before.get('1'), before.get('2')]).toEqual([keyOf('c1'), keyOf('anna')]);
  const after = await keysAsOf('2024-06-01');
  expect([...after.values()]).toEqual([keyOf('c1'), keyOf('c1'), keyOf('c1')]);
});
