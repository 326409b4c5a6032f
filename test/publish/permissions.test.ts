import { afterEach, describe, expect, test } from 'vitest';
import type { RowOf } from '../../lambdas/lake/column.ts';
import { orderVersions, receipts } from '../../lambdas/lake/tables/ingested.ts';
import { suppressions } from '../../lambdas/lake/tables/surveys.ts';
import { ingestKey, receiptKey } from '../../lambdas/lake/zones.ts';
import { encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { keyOf } from '../support/ingested.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';
import { type Buyer, campaignsOnly, type Published, publishNight, winBack } from './night-of-buyers.ts';

let lake: TestLake | undefined;
afterEach(() => lake?.close());

async function open(settings: object = {}): Promise<TestLake> {
  lake = await testLake('2024-06-30', { publish: { ...campaignsOnly(...winBack), control_pct: 0, ...settings } });
  return lake;
}

const memberOf = (found: Published, name: string) =>
  found.members.find((member) => member.customer_key === keyOf(name));

/** An ingest that is live: its receipt, with this as the latest order day that it tells of. */
async function deliver(into: TestLake, ingest_id: string, lastOrderOn: string | null): Promise<void> {
  const empty = Object.fromEntries(
    Object.entries(receipts.columns).map(([name, column]) => [
      name,
      column.nullable ? null : column.type === 'boolean' ? false : column.type === 'varchar' ? '' : 0,
    ]),
  ) as RowOf<typeof receipts.columns>;
  const receipt = {
    ...empty,
    ingest_id,
    file_sha256: ingest_id,
    verdict: 'accepted',
    totals: '{}',
    last_order_date: lastOrderOn === null ? null : day(lastOrderOn),
  };
  await into.store.write(receiptKey(receipt), encodeJsonRows(receipts, [receipt]));
}

describe('consent', () => {
  test.each<[boolean | null, 'include' | 'exclude', string | null]>([
    [true, 'include', null],
    [true, 'exclude', null],
    [false, 'include', 'no_consent'],
    [false, 'exclude', 'no_consent'],
    [null, 'include', null],
    [null, 'exclude', 'unknown_consent'],
  ])('%s, where unknown ones are to %s', async (consent, unknown_consent, because) => {
    const found = await publishNight(await open({ unknown_consent }), [{ name: 'anna', consent }]);
    const member = memberOf(found, 'anna')!;
    expect([member.arm, member.arm_reason]).toEqual([because ? 'excluded' : 'treatment', because]);
    const list = found.manifest.lists.find((each) => each.campaign === member.campaign)!;
    expect(list).toMatchObject({ rows: because ? 0 : 1, excluded: because ? { [because]: 1 } : {} });
    expect(await found.people(member.campaign)).toHaveLength(because ? 0 : 1);
    const undisturbed = found.manifest.exclusions.find((each) => each.audience === 'do_not_disturb')!;
    expect(undisturbed.because).toEqual(because ? { [because]: 1 } : {});
  });

  test('comes before the arms: nobody without it is in the control group', async () => {
    const buyers = Array.from({ length: 100 }, (_, i) => ({ name: `customer-${i}`, consent: false }));
    const found = await publishNight(await open({ control_pct: 50 }), buyers);
    expect(new Set(found.members.map((member) => member.arm))).toEqual(new Set(['excluded']));
  });
});

describe('suppression', () => {
  const told = (record_no: number, name: string, told_epoch_s: number, is_lifted: boolean) => ({
    ingest_id: 'suppressed',
    record_no,
    email_key: null,
    phone_key: null,
    platform_key: keyOf(name),
    told_epoch_s,
    reason: 'unsubscribed',
    is_lifted,
  });

  async function withSuppressions(rows: ReturnType<typeof told>[], buyers: readonly Buyer[]): Promise<Published> {
    const into = await open();
    await writeTable(into.store, suppressions, ingestKey(suppressions, 'suppressed'), rows);
    await deliver(into, 'suppressed', null);
    return publishNight(into, buyers);
  }

  test('outranks consent, by whichever key of the person it was told', async () => {
    const found = await withSuppressions(
      [told(1, 'anna', 100, false), told(2, 'alias of bela', 100, false)],
      [{ name: 'anna' }, { name: 'bela', alias: 'alias of bela' }, { name: 'cili' }],
    );
    expect(memberOf(found, 'anna')).toMatchObject({ arm: 'excluded', arm_reason: 'suppressed' });
    expect(memberOf(found, 'bela')).toMatchObject({ arm: 'excluded', arm_reason: 'suppressed' });
    expect(memberOf(found, 'cili')).toMatchObject({ arm: 'treatment' });
    expect(found.manifest.suppressions).toBe(2);
  });

  test.each([
    ['lifted later', 100, 200, 'treatment'],
    ['lifted before', 200, 100, 'excluded'],
    ['lifted at the same moment', 100, 100, 'excluded'],
  ])('%s', async (_, suppressedAt, liftedAt, arm) => {
    const rows = [told(1, 'anna', suppressedAt, false), told(2, 'anna', liftedAt, true)];
    const found = await withSuppressions(rows, [{ name: 'anna' }]);
    expect(memberOf(found, 'anna')!.arm).toBe(arm);
  });
});

test('whoever has ordered by the second watermark is dropped, in either arm, and counted', async () => {
  const into = await open();
  const plain = Object.fromEntries(
    Object.entries(orderVersions.columns).map(([name, column]) => [
      name,
      column.nullable
        ? null
        : column.type === 'money' || column.type === 'timestamp'
          ? 0n
          : column.type === 'varchar'
            ? ''
            : 0,
    ]),
  ) as RowOf<typeof orderVersions.columns>;
  const order = (order_id: string, name: string, on: string, status: string) => ({
    ...plain,
    source: 'shop',
    order_id,
    ingest_id: 'later',
    email_key: keyOf(name),
    order_date: day(on),
    status,
    currency: 'EUR',
  });
  await writeTable(into.store, orderVersions, ingestKey(orderVersions, 'later'), [
    order('1', 'anna', '2024-07-01', 'completed'),
    order('2', 'bela', '2024-06-30', 'completed'),
    order('3', 'cili', '2024-07-01', 'cancelled'),
    order('4', 'old name of dora', '2024-07-02', 'pending'),
  ]);
  await deliver(into, 'later', '2024-07-02');
  const found = await publishNight(into, [
    { name: 'anna' },
    { name: 'bela' },
    { name: 'cili' },
    { name: 'dora', alias: 'old name of dora' },
  ]);
  const reasons = Object.fromEntries(
    ['anna', 'bela', 'cili', 'dora'].map((name) => [name, memberOf(found, name)!.arm_reason]),
  );
  expect(reasons).toEqual({ anna: 'ordered_since', bela: null, cili: null, dora: 'ordered_since' });
  expect(found.manifest.watermark.ingests).toBe(1);
});

test('people nobody can reach, and those who buy like a business where that is configured, are left out', async () => {
  const into = await open({ wholesale: { orders_per_year: 40, order_amount: '5000' } });
  const found = await publishNight(into, [
    { name: 'anna', told: { email: null, customer_id: null } },
    { name: 'bela', features: { orders_365d: 40 } },
    { name: 'cili', features: { largest_order_amount: 5000_0000n } },
    { name: 'dora', features: { orders_365d: 39, largest_order_amount: 4999_9999n } },
    { name: 'by platform alone', told: { email: null } },
  ]);
  const reasons = Object.fromEntries(found.members.map((member) => [member.customer_key, member.arm_reason]));
  expect(reasons).toEqual({
    [keyOf('anna')]: 'no_contact',
    [keyOf('bela')]: 'wholesale',
    [keyOf('cili')]: 'wholesale',
    [keyOf('dora')]: null,
    [keyOf('by platform alone')]: null,
  });
});

test('recent buyers are an audience to leave out of advertising', async () => {
  const into = await open({ recent_buyer_days: 14 });
  const found = await publishNight(into, [
    { name: 'anna', lastOrderOn: '2024-06-16' },
    { name: 'bela', lastOrderOn: '2024-06-15' },
  ]);
  expect(found.manifest.exclusions.find((each) => each.audience === 'recent_buyers')).toMatchObject({
    rows: 1,
    because: { recent_buyer: 1 },
  });
});
