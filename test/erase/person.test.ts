import { afterEach, beforeEach, expect, test } from 'vitest';
import { erase } from '../../lambdas/erase/erase.ts';
import { findPerson, SeveralPeople, TooManyKeys } from '../../lambdas/erase/person.ts';
import { identities } from '../../lambdas/lake/tables/curated.ts';
import { publishedRuns } from '../../lambdas/lake/tables/runs.ts';
import { publishedRunsKey } from '../../lambdas/lake/zones.ts';
import { readErasures } from '../../lambdas/platform/erasures.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { deliver, keyOf } from '../support/ingested.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { ada, header, orderLine, shopOfTwo, take } from './shop-of-two.ts';

let lake: TestLake;
beforeEach(async () => {
  lake = await testLake('2024-06-30');
});
afterEach(() => lake.close());

const keysOf = (...names: string[]): string[] => names.map(keyOf).sort();
const find = (...names: string[]) => findPerson(lake.engine, names.map(keyOf), [], false);

test('the keys of a person are those that orders link, over any number of orders and files', async () => {
  await deliver(lake, {
    file: 'a.csv',
    orders: [
      { order_id: '1', on: '2024-01-01', email: 'old', customer: 'no. 1' },
      { order_id: '2', on: '2024-02-01', email: 'new', customer: 'no. 1' },
      { order_id: '3', on: '2024-02-01', email: 'somebody else', customer: 'no. 2' },
    ],
  });
  await deliver(lake, { file: 'b.csv', orders: [{ order_id: '4', on: '2024-03-01', email: 'new', phone: '0151' }] });
  const all = { keys: keysOf('old', 'new', 'no. 1', '0151'), isKnown: true };
  for (const name of ['old', 'new', 'no. 1', '0151']) expect(await find(name)).toEqual(all);
  expect(await find('somebody else')).toEqual({ keys: keysOf('somebody else', 'no. 2'), isKnown: true });
  expect(await find('nobody')).toEqual({ keys: keysOf('nobody'), isKnown: false });
});

test('what a replaced ingest of the same file told links nobody', async () => {
  const orders = [
    { order_id: '1', on: '2024-01-01', email: 'ada', phone: 'the phone of the shop' },
    { order_id: '2', on: '2024-01-02', email: 'ben', phone: 'the phone of the shop' },
  ];
  await deliver(lake, { file: 'wrong.csv', orders, receipt: { file_sha256: 'same', ingested_at: '2024-07-01' } });
  expect((await find('ada')).keys).toEqual(keysOf('ada', 'ben', 'the phone of the shop'));
  const mended = orders.map(({ phone: _, ...order }) => order);
  await deliver(lake, {
    file: 'right.csv',
    orders: mended,
    receipt: { file_sha256: 'same', ingested_at: '2024-07-02' },
  });
  expect((await find('ada')).keys).toEqual(keysOf('ada'));
});

test('whom the current night takes for one person is one', async () => {
  await lake.put(identities, [{ identity_key: keyOf('follower'), customer_key: keyOf('leader') }]);
  expect((await find('follower')).isKnown).toBe(false);
  const night = { as_of: lake.night.run.asOf, run_id: 'test', is_current: true, model_id: 'rules' };
  const rows = encodeJsonRows(publishedRuns, [{ ...night, horizon_days: 90, trained_on: 0 }]);
  await lake.store.write(publishedRunsKey, rows);
  const both = { keys: keysOf('follower', 'leader'), isKnown: true };
  expect(await find('follower')).toEqual(both);
  expect(await find('leader')).toEqual(both);
});

test('somebody erased before is known by all the keys that went together', async () => {
  const gone = [keysOf('old', 'new'), keysOf('another')];
  expect(await findPerson(lake.engine, [keyOf('old')], gone, false)).toEqual({ keys: gone[0], isKnown: true });
});

test('a word that stands for two people is refused with the key of each, and one of these is accepted', async () => {
  await take(
    lake,
    'a.csv',
    [
      header,
      orderLine('1', '2024-01-01', '1.00', { customer: '4915123454711', email: 'ben@mail.example' }),
      orderLine('2', '2024-01-01', '1.00', { phone: ada.phone, email: ada.email }),
    ].join('\n'),
  );
  const input = { person: '4915123454711', isDry: true, isForced: false };
  await expect(erase(lake, input)).rejects.toThrow(SeveralPeople);
  const { message } = (await erase(lake, input).catch((error: Error) => error as Error)) as Error;
  for (const key of message.match(/[0-9a-f]{32}/g) ?? []) {
    expect((await erase(lake, { ...input, person: key })).keys).toContain(key);
  }
  expect(message.match(/[0-9a-f]{32}/g)).toHaveLength(2);
});

test('more keys than one person has are refused unless forced', async () => {
  const orders = Array.from({ length: 60 }, (_, i) => ({
    order_id: String(i),
    on: '2024-01-01',
    email: `person ${i}`,
    phone: 'one phone for all',
  }));
  await deliver(lake, { file: 'a.csv', orders });
  await expect(find('person 3')).rejects.toThrow(TooManyKeys);
  const forced = await findPerson(lake.engine, [keyOf('person 3')], [], true);
  expect(forced.keys).toHaveLength(61);
});

test('an erasure that is tried or refused records nothing; one of an unknown person records when forced', async () => {
  await take(lake, 'a.csv', shopOfTwo);
  const recorded = async () => (await readErasures(lake.store)).people;
  await erase(lake, { person: ada.email, isDry: true, isForced: true });
  await expect(erase(lake, { person: 'eve@mail.example', isDry: false, isForced: false })).rejects.toThrow(
    'tells nothing of this person',
  );
  await expect(erase(lake, { person: ' ', isDry: false, isForced: true })).rejects.toThrow('names nobody');
  expect(await recorded()).toEqual([]);
  const { keys } = await erase(lake, { person: 'eve@mail.example', isDry: false, isForced: true });
  expect(keys).toContain(lake.keys.pseudonym('email', 'eve@mail.example'));
  expect(await recorded()).toEqual([keys]);
  await take(lake, 'b.csv', [header, orderLine('9', '2024-03-09', '9.00', { email: 'eve@mail.example' })].join('\n'));
  expect(await erase(lake, { person: 'eve@mail.example', isDry: true, isForced: false })).toMatchObject({ tables: [] });
});
