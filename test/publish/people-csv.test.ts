import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AudienceMember, amountText, peopleCsv, safeCell } from '../../lambdas/publish/people-csv.ts';
import { keyOf } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { strictCsv, strictCsvRecords } from '../support/strict-csv.ts';

const member: AudienceMember = {
  position: 1,
  customer_key: keyOf('anna'),
  entered_on: day('2024-06-29'),
  is_new: false,
  basis: 'forest',
  offer: 'coupon_15',
  customer_id: 'c-1',
  email: 'anna@shop.example',
  phone: '0036 20 123 4567',
  first_name: 'Anna',
  last_name: 'Kiss',
  country: 'HU',
  accepts_marketing: null,
  churn_probability: 0.876,
  risk_band: 'high',
  value_at_risk: 123_4550n,
  spend_if_active: 150_0000n,
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

async function csvOf(...members: AudienceMember[]): Promise<string> {
  async function* given() {
    yield* members;
  }
  const parts: Uint8Array[] = [];
  for await (const part of peopleCsv(given(), { language: 'en', currency: 'EUR' })) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** What a spreadsheet may run when a cell begins with it. */
const formulaStarts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
const outsideTexts = ['customer_id', 'email', 'phone', 'first_name', 'last_name', 'country'] as const;

describe('a list for people', () => {
  test('shows a member as the header says', async () => {
    const [record] = strictCsvRecords(await csvOf(member));
    expect(record).toMatchObject({
      position: '1',
      email: 'anna@shop.example',
      consent: 'unknown',
      risk_pct: '87.6',
      value_at_risk: '123.46',
      spend_if_active: '150.00',
      net_spend: '99.99',
      average_days_between_orders: '31.3',
      expected_next_order_on: '2024-07-04',
      last_order_on: '2024-05-04',
      days_since_last_order: '57',
      on_list_since: '2024-06-29',
      is_new: 'no',
      favourite_category: '',
      why_2: '',
      customer_key: keyOf('anna'),
    });
    expect(record!.why_1).toContain('57');
  });

  test.each([
    [true, 'yes'],
    [false, 'no'],
    [null, 'unknown'],
  ])('says consent %s as %s', async (accepts_marketing, text) => {
    expect(strictCsvRecords(await csvOf({ ...member, accepts_marketing }))[0]!.consent).toBe(text);
  });

  test('without members is its header', async () => {
    const text = await csvOf();
    expect(strictCsv(text.slice(1))).toHaveLength(1);
    expect(text.endsWith('customer_key\r\n')).toBe(true);
  });

  test.each(formulaStarts.map((start) => [JSON.stringify(start), start]))(
    'no cell from outside begins with the formula sign %s',
    async (_, start) => {
      const hostile = `${start}HYPERLINK("http://evil.example","x")`;
      const faulty = Object.fromEntries(outsideTexts.map((name) => [name, hostile]));
      const [record] = strictCsvRecords(await csvOf({ ...member, ...faulty, favourite_category: hostile }));
      for (const name of [...outsideTexts, 'favourite_category']) expect(record![name]).toBe(`'${hostile}`);
    },
  );

  test('whatever the cells hold, a strict reader gets them back, and none is a formula', async () => {
    const anyText = fc.option(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', '=', "'", ' ', 'a', ';'), maxLength: 8 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyText, anyText, anyText), { maxLength: 6 }), async (texts) => {
        const members = texts.map(([first_name, last_name, email], i) => ({
          ...member,
          position: i,
          first_name,
          last_name,
          email,
        }));
        const records = strictCsvRecords(await csvOf(...members));
        expect(records).toHaveLength(members.length);
        for (const [i, record] of records.entries()) {
          for (const name of ['first_name', 'last_name', 'email'] as const) {
            const given = members[i]![name] ?? '';
            expect([given, `'${given}`]).toContain(record[name]);
            expect(formulaStarts).not.toContain(record[name]![0]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

test('a cell is quoted only where it must be', () => {
  expect(safeCell('plain; text')).toBe('plain; text');
  expect(safeCell('a,b')).toBe('"a,b"');
  expect(safeCell('say "hi"')).toBe('"say ""hi"""');
  expect(safeCell(null)).toBe('');
});

test.each([
  [0n, '0.00'],
  [49n, '0.00'],
  [50n, '0.01'],
  [123_4567n, '123.46'],
  [-50n, '-0.01'],
  [-12_3450n, '-12.35'],
  [99_999_999_999_999_9999n, '100000000000000.00'],
])('%s ten-thousandths read %s', (amount, text) => {
  expect(amountText(amount)).toBe(text);
});
