import type { Columns, RowOf } from '../../../lambdas/lake/column.ts';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import type { AudienceMember, ExcludedMember } from '../../../lambdas/publish/files/member.ts';
import type { FileSettings } from '../../../lambdas/publish/files/write-audience.ts';
import { fileSettings } from '../../../lambdas/publish/files/write-audience.ts';
import { keyOf } from '../../support/ingested.ts';
import { day } from '../../support/lake.ts';

export const campaign = { code: 'win_back_high', name: 'Win back: most at stake', hint: 'Speak to them one by one.' };

export const settings = (files: object = {}, shop: object = {}): FileSettings =>
  fileSettings(parseConfig({ shop, publish: { files } }, 'test settings'), 'EUR');

export const anna: AudienceMember = {
  position: 1,
  customer_key: keyOf('anna'),
  customer_id: 'c-1',
  email: ' Anna@Shop.Example',
  phone: '0036 20 123 4567',
  first_name: 'Anna',
  last_name: 'Kiss',
  country: 'Hungary',
  accepts_marketing: true,
  birthday: day('1984-03-07'),
  entered_on: day('2024-06-29'),
  is_new: false,
  offer: 'coupon_15',
  churn_probability: 0.876,
  basis: 'forest',
  risk_band: 'high',
  value_at_risk: 123_4550n,
  spend_if_active: 150_0000n,
  expected_profit: -1_2345n,
  average_gap_days: 31.25,
  expected_next_order_on: day('2024-07-04'),
  reason_1_code: 'days_since_last_order',
  reason_1_value: 57,
  reason_2_code: null,
  reason_2_value: null,
  reason_3_code: null,
  reason_3_value: null,
  last_order_on: day('2024-05-04'),
  recency_days: 57,
  orders: 3,
  monetary_value: 99_9949n,
  segment: 'at_risk',
  favourite_category: null,
};

/** Somebody of an exclusion audience. */
export const excluded = (because: string, member: Partial<AudienceMember> = {}): ExcludedMember => {
  const { customer_key, customer_id, email, phone, first_name, last_name, country, accepts_marketing } = {
    ...anna,
    ...member,
  };
  return { customer_key, customer_id, email, phone, first_name, last_name, country, accepts_marketing, because };
};

export async function* streamed<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

/** All objects of a store under a prefix, by what follows it. */
export async function objectsUnder(store: ObjectStore, prefix: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const { key } of store.list(prefix)) found.set(key.slice(prefix.length), (await store.read(key))!.body);
  return found;
}

type Json = string | number | boolean | null;

/** Decimal text as ten-thousandths. */
const tenThousandths = (text: string): bigint => BigInt(Math.round(Number(text) * 10_000));

/** Rows as golden folders write them: days as YYYY-MM-DD, money as decimal text, what is left out as null. */
export function decodeRows<C extends Columns>(columns: C, rows: readonly Record<string, Json>[]): RowOf<C>[] {
  const decode = (type: string, value: Json) => {
    if (typeof value !== 'string') return value;
    return type === 'date' ? day(value) : type === 'money' ? tenThousandths(value) : value;
  };
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [name, decode(column.type, row[name] ?? null)]),
      ) as RowOf<C>,
  );
}
