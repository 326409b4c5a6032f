import { describe, expect, test } from 'vitest';
import { createConsentReader } from '../../lambdas/ingest/read/consent.ts';
import { consentKey, consentWords } from '../../lambdas/ingest/read/consent-words.ts';
import { createBytePool } from '../../lambdas/ingest/records/byte-pool.ts';
import { emptyRecord } from '../../lambdas/ingest/records/raw-record.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';

const reader = (consents: Record<string, string> = {}) =>
  createConsentReader(0, createBytePool(), parseConfig({ ingest: { consents } }, 'test settings').ingest);

function consentIn(word: string, { read } = reader()): boolean | null {
  const bytes = Buffer.from(word);
  const consent = read({
    ...emptyRecord(),
    bytes,
    start: Int32Array.of(0),
    end: Int32Array.of(bytes.length),
    fields: 1,
  });
  return consent < 0 ? null : consent === 1;
}

describe('consent', () => {
  test.each(
    'yes Y TRUE 1 1.0 ja igen oui sí si sì tak sim ใช่ 是 subscribed Opted-In opt_in Angemeldet feliratkozott abonné 已订阅'.split(
      ' ',
    ),
  )('%s is given', (word) => {
    expect(consentIn(word)).toBe(true);
    expect(consentIn(` ${word.normalize('NFD').toUpperCase()} `)).toBe(true);
  });

  test.each(
    'no N false 0 nein NEIN nem non nie nee não ไม่ 否 falsch unsubscribed Abgemeldet opted_out opt-out OPTED-OUT cleaned bounced leiratkozott désabonné 已退订 pending never_subscribed NEVER-SUBSCRIBED unconfirmed'.split(
      ' ',
    ),
  )('%s is not given', (word) => {
    const column = reader();
    expect(consentIn(word, column)).toBe(false);
    expect(consentIn(word.normalize('NFD'), column)).toBe(false);
    expect(column.unknown).toEqual({ words: [], records: 0 });
  });

  test.each(['', '  ', 'N/A', 'null', '-', 'unknown'])('"%s" says nothing', (word) => {
    expect(consentIn(word)).toBeNull();
  });

  test('a word that is not known is no consent, counted in every record and named once', () => {
    const column = reader();
    const words = ['maybe', 'a', 'maybe', 'b', 'c', 'd', 'e', 'yes', ''].map((word) => consentIn(word, column));
    expect(words).toEqual([false, false, false, false, false, false, false, true, null]);
    expect(column.unknown).toEqual({ words: ['maybe', 'a', 'b', 'c', 'd'], records: 7 });
  });

  test("the shop's own words outrank the usual ones", () => {
    const column = reader({ 'NUR POST': 'no', Stammkunde: 'yes', pending: 'yes' });
    const words = ['nur_post', 'stammkunde', 'Pending'].map((word) => consentIn(word, column));
    expect(words).toEqual([false, true, true]);
    expect(column.unknown.records).toBe(0);
  });

  test('every word of the table is reached by its own spelling', () => {
    expect([...consentWords.keys()].filter((key) => key !== consentKey(key) || key === '')).toEqual([]);
  });
});
