import { afterEach, beforeEach, expect, test } from 'vitest';
import { erase } from '../../lambdas/erase/erase.ts';
import { count, optionalText, text } from '../../lambdas/lake/column.ts';
import { customerSightings, orderVersions } from '../../lambdas/lake/tables/ingested.ts';
import { ingestKey } from '../../lambdas/lake/zones.ts';
import { erasuresState, recordErasure } from '../../lambdas/platform/erasures.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { ada, shopOfTwo, take } from './shop-of-two.ts';

let lake: TestLake;
let fresh: TestLake;
beforeEach(async () => {
  [lake, fresh] = await Promise.all([testLake('2024-06-30'), testLake('2024-06-30')]);
});
afterEach(async () => {
  await lake.close();
  await fresh.close();
});

const bytesOf = async (from: TestLake, table: typeof orderVersions | typeof customerSightings, ingestId: string) =>
  Buffer.from((await from.store.read(ingestKey(table, ingestId)))?.body ?? []);

const told = (from: TestLake) =>
  rowsOf(
    from.engine,
    {
      name: 'told',
      sql: `select v.order_id, v.email_key, v.platform_key, v.phone_key, s.last_name, s.sighting_no
        from order_versions as v left join customer_sightings as s on v.email_key is not distinct from s.email_key and v.phone_key is not distinct from s.phone_key
            and v.platform_key is not distinct from s.platform_key`,
    },
    {
      columns: {
        order_id: text(''),
        email_key: optionalText(''),
        platform_key: optionalText(''),
        phone_key: optionalText(''),
        last_name: optionalText(''),
        sighting_no: { ...count(''), nullable: true },
      },
      key: ['order_id'],
    },
  );

test('what is left of an export is what reading it again leaves, to the byte', async () => {
  const { ingest_id } = await take(lake, 'a.csv', shopOfTwo);
  const before = await told(lake);
  const { keys } = await erase(lake, { person: ada.otherEmail, isDry: false, isForced: false });
  expect(keys).toHaveLength(4);

  const after = await told(lake);
  const nobody = { email_key: null, platform_key: null, phone_key: null, last_name: null, sighting_no: null };
  const gone = ['1', '2', '5'];
  expect(after).toEqual(before.map((row) => (gone.includes(row.order_id) ? { ...row, ...nobody } : row)));
  expect(before.filter(({ order_id }) => gone.includes(order_id)).every(({ email_key }) => email_key !== null)).toBe(
    true,
  );

  await recordErasure(fresh.store, keys);
  expect((await take(fresh, 'a.csv', shopOfTwo)).ingest_id).toBe(ingest_id);
  for (const table of [orderVersions, customerSightings]) {
    expect(await bytesOf(lake, table, ingest_id)).toEqual(await bytesOf(fresh, table, ingest_id));
  }
});

test('a later export brings nobody back, not even under an address that only the customer number tells of', async () => {
  await take(lake, 'a.csv', shopOfTwo);
  await erase(lake, { person: ada.customer, isDry: false, isForced: false });
  const later = shopOfTwo.replaceAll(ada.otherEmail, 'new.address@mail.example');
  await take(lake, 'b.csv', later.replace('5,,new.address', '5,K-47110815,new.address'));
  const keys = (await told(lake)).flatMap((row) => [row.email_key, row.platform_key, row.phone_key]);
  for (const email of [ada.email, ada.otherEmail, 'new.address@mail.example']) {
    expect(keys).not.toContain(lake.keys.pseudonym('email', email));
  }
  expect(keys).toContain(lake.keys.pseudonym('email', 'ben@mail.example'));
});

test('somebody who is erased while a file is taken in is not in what it leaves', async () => {
  const keys = [lake.keys.pseudonym('email', ada.email)];
  const none = await erasuresState(lake.store);
  const erasing = {
    ...lake,
    store: {
      ...lake.store,
      write: async (...given: Parameters<typeof lake.store.write>) => {
        const written = await lake.store.write(...given);
        if (given[0].includes('customer_sightings')) await recordErasure(lake.store, keys);
        return written;
      },
    },
  };
  await take(erasing, 'a.csv', shopOfTwo);
  expect(await erasuresState(lake.store)).not.toBe(none);
  const first = (await told(lake)).find(({ order_id }) => order_id === '1');
  expect(first).toMatchObject({ email_key: null, platform_key: null, phone_key: null });
});
