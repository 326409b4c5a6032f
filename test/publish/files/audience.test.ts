import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { type FormatName, formatNames } from '../../../lambdas/publish/files/format.ts';
import type { AudienceMember, ExcludedMember } from '../../../lambdas/publish/files/member.ts';
import { type WrittenAudience, writeAudience, writeExclusion } from '../../../lambdas/publish/files/write-audience.ts';
import { inFolder } from '../../support/files.ts';
import { keyOf } from '../../support/ingested.ts';
import { anna, campaign, excluded, objectsUnder, settings, streamed } from './members.ts';
import { emptyHash } from './readers/csv.ts';
import { readGoogle } from './readers/google.ts';
import { readKlaviyo, readKlaviyoSuppression } from './readers/klaviyo.ts';
import { readMailchimp } from './readers/mailchimp.ts';
import { type MetaRow, readMeta } from './readers/meta.ts';
import { formulaStarts, readPeople } from './readers/people.ts';

/** All files as their readers see them, parts put together. */
interface Read {
  readonly written: WrittenAudience;
  readonly people: Record<string, string>[];
  readonly klaviyo: Record<string, string>[];
  readonly mailchimp: Record<string, string>[];
  readonly meta: MetaRow[];
  readonly granted: Record<string, string>[];
  readonly unknown: Record<string, string>[];
}

async function readAll(write: (folder: string) => Promise<WrittenAudience>, kind: 'list' | 'exclusion'): Promise<Read> {
  return inFolder(async (folder) => {
    const written = await write(folder);
    const bodies = await objectsUnder(fileStore(folder), '');
    expect([...bodies.keys()].sort()).toEqual(written.files.map((file) => file.key).sort());
    const read = <T>(format: FormatName, reader: (body: Uint8Array) => T[], consent: string | null = null): T[] =>
      written.files
        .filter((file) => file.format === format && file.consent === consent)
        .flatMap((file) => {
          const body = bodies.get(file.key)!;
          const rows = reader(body);
          expect([file.rows, file.bytes]).toEqual([rows.length, body.byteLength]);
          expect(file.sha256).toBe(createHash('sha256').update(body).digest('hex'));
          return rows;
        });
    return {
      written,
      people: read('people', (body) => readPeople(body)),
      klaviyo: read('klaviyo', kind === 'list' ? readKlaviyo : readKlaviyoSuppression),
      mailchimp: read('mailchimp', readMailchimp),
      meta: read('meta', (body) => readMeta(body, kind === 'list' ? 'value' : 'standard')),
      granted: read('google', readGoogle, 'granted'),
      unknown: read('google', readGoogle, 'unknown'),
    };
  });
}

const filesOf = (members: readonly AudienceMember[], files: object = {}): Promise<Read> =>
  readAll(
    (folder) => writeAudience(fileStore(folder), '', streamed(members), { settings: settings(files), campaign }),
    'list',
  );

const exclusionOf = (members: readonly ExcludedMember[]): Promise<Read> =>
  readAll((folder) => writeExclusion(fileStore(folder), '', streamed(members), { settings: settings() }), 'exclusion');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Rows and those left out are all members, in every format. */
function expectAllCounted({ written }: Read): void {
  for (const format of formatNames) {
    const rows = written.files.filter((file) => file.format === format).reduce((sum, file) => sum + file.rows, 0);
    const leftOut = Object.values(written.left_out[format]).reduce((sum, count) => sum + count, 0);
    expect([format, rows + leftOut]).toEqual([format, written.members]);
  }
}

describe('a campaign', () => {
  test('says in the people file who a member is, why they are on the list and what a contact would earn', async () => {
    const { people } = await filesOf([anna]);
    expect(people).toEqual([
      expect.objectContaining({
        position: '1',
        email: ' Anna@Shop.Example',
        consent: 'yes',
        birthday: '1984-03-07',
        risk_pct: '87.6',
        value_at_risk: '123.46',
        expected_profit: '-1.23',
        net_spend: '99.99',
        average_days_between_orders: '31.3',
        why_on_list: 'Speak to them one by one.',
        why_1: expect.stringContaining('57'),
        why_2: '',
        is_new: 'no',
      }),
    ]);
  });

  test.each([
    [true, 'yes', 1, 0],
    [null, 'unknown', 0, 1],
    [false, 'no', 0, 0],
  ])('of people with consent %s: people say %s, Google has %i granted and %i unknown', async (...given) => {
    const [accepts_marketing, text, granted, unknown] = given;
    const read = await filesOf([{ ...anna, accepts_marketing }]);
    expect(read.people[0]!.consent).toBe(text);
    expect([read.granted.length, read.unknown.length]).toEqual([granted, unknown]);
    expect(read.meta).toHaveLength(granted + unknown);
    expectAllCounted(read);
  });

  test('of nobody has every file with its header', async () => {
    const read = await filesOf([]);
    expect(read.written.files.map(({ key, rows }) => [key, rows])).toEqual([
      ['people.csv', 0],
      ['klaviyo.csv', 0],
      ['mailchimp.csv', 0],
      ['meta.csv', 0],
      ['google-consent-granted.csv', 0],
      ['google-consent-unknown.csv', 0],
    ]);
  });

  test.each(formulaStarts.map((start) => [JSON.stringify(start), start]))(
    'a text that begins with %s is harmless for people and untouched for platforms',
    async (_, start) => {
      const hostile = `${start}HYPERLINK("http://evil.example","x")`;
      const texts = { customer_id: hostile, first_name: hostile, last_name: hostile, favourite_category: hostile };
      const { people, klaviyo, mailchimp, meta } = await filesOf([
        { ...anna, ...texts },
        { ...anna, ...texts, email: hostile, phone: hostile, country: hostile },
      ]);
      for (const name of Object.keys(texts)) expect(people[0]![name]).toBe(`'${hostile}`);
      for (const name of ['email', 'phone', 'country']) expect(people[1]![name]).toBe(`'${hostile}`);
      expect(klaviyo).toHaveLength(1);
      for (const name of ['First Name', 'Last Name', 'Winback Favourite Category'])
        expect(klaviyo[0]![name]).toBe(hostile);
      for (const name of ['First Name', 'Last Name', 'Favourite Category']) expect(mailchimp[0]![name]).toBe(hostile);
      expect(meta[0]!.cells.fn).toBe(digest('hyperlinkhttpevilexamplex'));
    },
  );

  test('phones that begin with + stay as they are in uploads', async () => {
    const { klaviyo, mailchimp, people } = await filesOf([{ ...anna, phone: '+36 20 123 4567' }]);
    expect([klaviyo[0]!['Phone Number'], mailchimp[0]!['Phone Number'], people[0]!.phone]).toEqual([
      '+36201234567',
      '+36201234567',
      "'+36 20 123 4567",
    ]);
  });

  test('a text of Mailchimp ends after a whole character', async () => {
    const flag = '🇭🇺';
    const { mailchimp } = await filesOf([
      { ...anna, first_name: 'ก'.repeat(200), last_name: flag.repeat(40), favourite_category: 'x'.repeat(255) },
    ]);
    expect(mailchimp[0]).toMatchObject({
      'First Name': 'ก'.repeat(85),
      'Last Name': flag.repeat(31),
      'Favourite Category': 'x'.repeat(255),
      Birthday: '03/07',
    });
  });

  test('a list that is too large for one upload is split between records', async () => {
    const members = Array.from({ length: 400 }, (_, i) => ({ ...anna, position: i + 1, email: `c${i}@shop.example` }));
    const read = await filesOf(members, { max_megabytes: 0.02 });
    const parts = (format: FormatName) => read.written.files.filter((file) => file.format === format);
    expect(parts('people')).toHaveLength(1);
    for (const format of ['klaviyo', 'mailchimp', 'meta', 'google'] as const) {
      const whole = parts(format).filter((file) => file.consent !== 'unknown');
      expect(whole.length, format).toBeGreaterThan(2);
      expect(whole.map((file) => file.part)).toEqual(whole.map((_, i) => i + 1));
      expect(whole[1]!.key).toMatch(/-2\.csv$/);
      expect(Math.max(...whole.map((file) => file.bytes))).toBeLessThanOrEqual(20_000);
      expect(Math.min(...whole.slice(0, -1).map((file) => file.bytes))).toBeGreaterThan(19_000);
    }
    expect(read.klaviyo.map((row) => row.Email)).toEqual(members.map((member) => member.email));
    expect(read.mailchimp).toHaveLength(400);
    expect(read.meta.map((row) => row.emails[0])).toEqual(members.map((member) => digest(member.email)));
    expect(read.granted.map((row) => row.Email)).toEqual(members.map((member) => digest(member.email)));
  });
});

const scripts = ['ก-๛', '一-龥', 'а-я', 'א-ת', 'ا-ي', 'α-ω', 'ぁ-ん', '가-힣', 'अ-ह'];
const anyText = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }), weight: 3 },
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', ...formulaStarts, "'", ' ', '🎂', '\u0301'), maxLength: 8 }),
  ...scripts.map((range) => fc.stringMatching(new RegExp(`^[${range}]{1,20}$`))),
  fc.constantFrom('', ' ', '\uFEFF', 'x'.repeat(70_000), '👩‍👩‍👧‍👦'.repeat(60)),
);
const knownEmail = fc.stringMatching(/^[a-z]{1,12}\.[a-z]{1,12}@shop-[a-z]{1,5}\.example$/);
const anyMember = fc.record({
  email: fc.option(fc.oneof(knownEmail, anyText)),
  phone: fc.option(fc.oneof(fc.constantFrom('+36201234567', '0036 1 234 5678', '06-20-123-4567'), anyText)),
  first_name: fc.option(anyText),
  last_name: fc.option(anyText),
  country: fc.option(fc.oneof(fc.constantFrom('HU', 'Thailand', '中国', 'UK'), anyText)),
  accepts_marketing: fc.option(fc.boolean()),
  favourite_category: fc.option(anyText),
  customer_id: fc.option(anyText),
  monetary_value: fc.bigInt(-1_000_000_0000n, 1_000_000_000_0000n),
  birthday: fc.option(fc.integer({ min: -20_000, max: 19_000 })),
});

describe('whatever the members hold', () => {
  test('every file is what its platform reads, and everybody is counted once in each format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMember, { maxLength: 8 }),
        fc.constantFrom(0.001, 0.002, 0.1),
        async (given, max) => {
          const members = given.map((texts, i) => ({
            ...anna,
            ...texts,
            position: i + 1,
            customer_key: keyOf(String(i)),
          }));
          const read = await filesOf(members, { max_megabytes: max });
          expectAllCounted(read);
          expect(read.people.map((row) => row.customer_key)).toEqual(members.map((member) => member.customer_key));
          const hashes = new Set([...read.granted, ...read.unknown].map((row) => row.Email));
          for (const { email, accepts_marketing } of members) {
            if (!/^[a-z]+\.[a-z]+@shop-/.test(email ?? '') || max < 0.1) continue;
            expect(hashes.has(digest(email!))).toBe(
              accepts_marketing !== false ||
                members.some((other) => other.email === email && other.accepts_marketing !== false),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('no exclusion audience hands a platform somebody who refused, or the hash of nothing', async () => {
    const because = fc.constantFrom('suppressed', 'no_consent', 'unknown_consent', 'recent_buyer', 'control');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(because, anyMember), { maxLength: 6 }), async (given) => {
        const members = given.map(([why, texts], i) => excluded(why, { ...texts, customer_key: keyOf(String(i)) }));
        const read = await exclusionOf(members);
        expectAllCounted(read);
        expect(read.people.map((row) => row.because)).toEqual(members.map((member) => member.because));
        const mayBeTold = members.filter(
          (member) => member.accepts_marketing !== false && ['recent_buyer', 'control'].includes(member.because),
        );
        expect(read.meta.length).toBeLessThanOrEqual(mayBeTold.length);
        expect(read.granted.length + read.unknown.length).toBe(read.meta.length);
      }),
      { numRuns: 40 },
    );
  });
});

test('names that leave nothing to hash are left blank: Thai, Chinese, and punctuation alone', async () => {
  const { meta } = await filesOf([
    { ...anna, first_name: 'สมชาย', last_name: '李' },
    { ...anna, first_name: '…', last_name: ' - ' },
    { ...anna, first_name: '', last_name: null, country: '?' },
  ]);
  expect(meta.map(({ cells }) => [cells.fn, cells.ln])).toEqual([
    [digest('สมชาย'), digest('李')],
    ['', ''],
    ['', ''],
  ]);
  expect(meta[2]!.cells.country).toBe('');
  expect(JSON.stringify(meta)).not.toContain(emptyHash);
});
