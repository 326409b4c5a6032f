import { describe, expect, test } from 'vitest';
import { amountText, clipped, csvRecord } from '../../../lambdas/publish/files/cells.ts';
import { countryCode } from '../../../lambdas/publish/files/countries.ts';
import { hashableName, hashed, usableContact } from '../../../lambdas/publish/files/usable-contact.ts';
import { anna } from './members.ts';
import { emptyHash } from './readers/csv.ts';

describe('hashes', () => {
  test.each([
    ['test@example.com', '973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b'],
    ['+18005550102', 'c5383c2eeada28210d27f011bc127d4f9562cf38ff0c9bba33dd45ae79b9fe7c'],
    ['18005550102', '25e2a8bced904785d0248567484de0e20b7e12ef0c2ed8b9300e741d2e437603'],
    ['joana.smith@gmail.com', '9cb066fc23f9a7642427a0694607fe547ec3884a06d1acb10f4ea792b47a710f'],
    ['joanasmith@gmail.com', '4f3e48151553a0fdbd7f5ea36191273b38631a713e26b5aad3df77b64c94dada'],
  ])('%s', (value, expected) => {
    expect(hashed(value)).toBe(expected);
  });

  test('of nothing there are none', () => {
    expect([hashed(''), hashed(null)]).toEqual(['', '']);
    expect(emptyHash).toMatch(/^e3b0c442.*b855$/);
  });
});

const usable = (given: Partial<typeof anna>, phoneCountry: string | null = null) =>
  usableContact({ ...anna, ...given }, phoneCountry);

describe('an e-mail address', () => {
  test.each([
    ['  Test.Person@Example.COM ', 'test.person@example.com'],
    ['joana.smith+news@gmail.com', 'joana.smith+news@gmail.com'],
    ['somchai@ร้านชา.example', 'somchai@xn--b3c3a3a1dc8k.example'],
    ['a@münchen.example', 'a@xn--mnchen-3ya.example'],
    ['guest@shop.example', null],
    ['two@@shop.example', null],
    ['a b@shop.example', null],
    ['nobody', null],
    ['', null],
    [`${'x'.repeat(250)}@shop.example`, null],
    [null, null],
  ])('%s → %s', (email, expected) => {
    expect(usable({ email }).email).toBe(expected);
  });
});

describe('a phone number', () => {
  test.each([
    ['0036 20 123 4567', null, null, '+36201234567'],
    ['+1 (800) 555-0102', 'HU', null, '+18005550102'],
    ['800 555 0102', 'United States', null, '+18005550102'],
    ['06 20 123 4567', 'Magyarország', null, '+36201234567'],
    ['06 1 234 5678', 'Italia', null, '+390612345678'],
    ['081 234 5678', 'ไทย', null, '+66812345678'],
    ['٠٦٢٠١٢٣٤٥٦٧', 'HU', null, '+36201234567'],
    ['＋３６ ２０ １２３ ４５６７', null, null, '+36201234567'],
    ['06 20 123 4567', null, 'HU', '+36201234567'],
    ['06 20 123 4567', 'Atlantis', 'HU', '+36201234567'],
    ['081 234 5678', 'TH', 'HU', '+66812345678'],
    ['06 20 123 4567', null, null, null],
    ['06 20 123 4567', 'Atlantis', null, null],
    ['000000', 'HU', null, null],
    ['12', 'HU', null, null],
    ['1111111111', 'US', null, null],
    ['', 'HU', null, null],
    ['call me', 'HU', null, null],
  ])('%s of %s, shop in %s → %s', (phone, country, phoneCountry, expected) => {
    expect(usable({ phone, country }, phoneCountry).phone).toBe(expected);
  });
});

describe('a name to hash', () => {
  test.each([
    [' Anna-Mária  Kovács ', 'annamária kovács'],
    ["O'Brien", 'obrien'],
    ['สมชาย', 'สมชาย'],
    ['李小明', '李小明'],
    ['ДМИТРИЙ', 'дмитрий'],
    ['Zoe\u0308', 'zoë'],
    ['🎂', null],
    ['…', null],
    ['', null],
    [null, null],
  ])('%s → %s', (name, expected) => {
    expect(hashableName(name)).toBe(expected);
  });
});

describe('a country', () => {
  test.each([
    ['HU', 'HU'],
    ['hu ', 'HU'],
    ['UK', 'GB'],
    ['U.S.A.', 'US'],
    ['United States', 'US'],
    ['EIRE', 'IE'],
    ['Magyarország', 'HU'],
    ['NÉMETORSZÁG', 'DE'],
    ['Deutschland', 'DE'],
    ['ประเทศไทย', null],
    ['ไทย', 'TH'],
    ['中国', 'CN'],
    ['Ελλάδα', 'GR'],
    ['Türkiye', 'TR'],
    ['Turkey', 'TR'],
    ['Côte d’Ivoire', 'CI'],
    ['Czech Republic', 'CZ'],
    ['Unspecified', null],
    ['XX', null],
    ['', null],
  ])('%s → %s', (given, expected) => {
    expect(countryCode(given)).toBe(expected);
    expect(countryCode(given)).toBe(expected);
  });

  test('every English name is that of one country', () => {
    const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const known = letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => countryCode(code) === code);
    expect(known).toHaveLength(250);
    for (const code of known) expect([code, countryCode(names.of(code)!)]).toEqual([code, code]);
  });
});

test('a cell is quoted only where it must be', () => {
  expect(csvRecord(['plain; text', 'a,b', 'say "hi"', 'two\nlines', ''])).toBe(
    'plain; text,"a,b","say ""hi""","two\nlines",\r\n',
  );
});

test.each([
  ['áé', 4, 'áé'],
  ['áé', 3, 'á'],
  ['e\u0301e\u0301', 5, 'e\u0301'],
  ['👩‍👩‍👧‍👦', 24, ''],
  ['', 0, ''],
])('%s within %i bytes is %s', (text, bytes, expected) => {
  expect(clipped(text, bytes)).toBe(expected);
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
