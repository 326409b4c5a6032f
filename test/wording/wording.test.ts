import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignCodes, offerCodes } from '../../lambdas/lake/campaign-codes.ts';
import { segmentCells } from '../../lambdas/lake/segments.ts';
import { languages } from '../../lambdas/wording/language.ts';
import { bandName, campaignName, campaignWords, offerName, segmentName } from '../../lambdas/wording/names.ts';
import { numbersOf } from '../../lambdas/wording/numbers.ts';
import { isReasonCode, reasonCodes } from '../../lambdas/wording/reason-codes.ts';
import { reasonSentence } from '../../lambdas/wording/reasons.ts';

describe('reasonSentence', () => {
  it.each([
    ['days_since_last_order', 0, 'Ordered on the very last day.'],
    ['days_since_last_order', 1, 'Has not ordered for 1 day.'],
    ['days_since_last_order', 143, 'Has not ordered for 143 days.'],
    ['overdue_for_own_rhythm', 2.44, 'Overdue: silent for 2.4 times the usual gap between orders.'],
    ['overdue_for_own_rhythm', 0.6, 'Not due yet: only 60% of the usual gap between orders has passed.'],
    ['one_time_buyer', 90, 'Bought once, 90 days ago.'],
    ['few_orders', 1, 'Only 1 order so far.'],
    ['few_orders', 2, 'Only 2 orders so far.'],
    ['many_orders', 1234, 'Frequent buyer: 1,234 orders so far.'],
    ['recent_orders', 0, 'No order in the last 90 days.'],
    ['recent_orders', 1, '1 order in the last 90 days.'],
    ['slowing_down', -50, 'Slowing down: 50% fewer orders in the last 90 days than in the 90 before.'],
    ['speeding_up', 40, 'Speeding up: 40% more orders in the last 90 days than in the 90 before.'],
    ['refunds', 1, 'Had 1 refund so far.'],
    ['short_tenure', 23, 'New: first order 23 days ago.'],
    ['long_tenure', 400, 'Customer for 13 months.'],
    ['long_tenure', 913, 'Customer for 2.5 years.'],
    ['same_season_last_year', 0, 'Did not order at this time last year.'],
    ['discounts', 45, 'Bought 45% of orders at a discount.'],
    ['category', 1, 'Buys from 1 category.'],
    ['regular_rhythm', 32.4, 'Usually orders every 32 days.'],
  ] as const)('%s of %d in English', (code, value, sentence) => {
    expect(reasonSentence('en', code, value)).toBe(sentence);
  });

  it('states amounts with their currency, or as a plain number', () => {
    expect(reasonSentence('en', 'high_spend', 2340.4, 'EUR')).toBe('Has spent EUR\u00a02,340 so far.');
    expect(reasonSentence('en', 'high_spend', 2340.4)).toBe('Has spent 2,340 so far.');
    expect(reasonSentence('en', 'high_spend', 2340.4, 'XXX')).toBe('Has spent 2,340 so far.');
  });

  it.each([
    ['hu', 'days_since_last_order', 143, '143 napja nem rendelt.'],
    ['hu', 'overdue_for_own_rhythm', 2.44, 'Késik: a szokásos rendelési köz 2,4-szerese óta hallgat.'],
    ['th', 'days_since_last_order', 143, 'ไม่ได้สั่งซื้อมา 143 วัน'],
    ['th', 'recent_orders', 2, 'สั่งซื้อ 2 ครั้งใน 90 วันที่ผ่านมา'],
    ['zh', 'days_since_last_order', 143, '已有143天未下单。'],
    ['zh', 'few_orders', 1, '至今仅有 1 笔订单。'],
  ] as const)('%s: %s of %d', (language, code, value, sentence) => {
    expect(reasonSentence(language, code, value)).toBe(sentence);
  });

  it('has a sentence for every code, language and number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...languages),
        fc.constantFrom(...reasonCodes),
        fc.double({ min: -1000, max: 1e6, noNaN: true }),
        (language, code, value) => {
          const sentence = reasonSentence(language, code, value, 'USD');
          expect(sentence.length).toBeGreaterThan(3);
          expect(sentence).not.toMatch(/undefined|NaN|Infinity/);
          expect(reasonSentence(language, code, value, 'USD')).toBe(sentence);
        },
      ),
    );
  });

  it('knows its codes', () => {
    expect(reasonCodes).toHaveLength(17);
    expect(isReasonCode('toString')).toBe(false);
    expect(isReasonCode('refunds')).toBe(true);
  });
});

describe('names', () => {
  it.each(languages)('tells segments, campaigns, offers and bands apart in %s', (language) => {
    const segments = [...new Set(segmentCells.map((cell) => cell.segment))];
    for (const [codes, name] of [
      [segments, segmentName],
      [campaignCodes, campaignName],
      [offerCodes, offerName],
      [['high', 'medium', 'low'], bandName],
    ] as const) {
      const names = codes.map((code) => name(language, code));
      expect(new Set(names).size).toBe(codes.length);
      for (const [i, code] of codes.entries()) expect(names[i]).not.toBe(code);
    }
    for (const code of campaignCodes) expect(campaignWords(language, code).hint).toBeTruthy();
  });

  it('shows an unknown code as it is', () => {
    expect(campaignName('en', 'spring_sale')).toBe('spring_sale');
    expect(offerName('hu', 'constructor')).toBe('constructor');
    expect(segmentName('th', 'toString')).toBe('toString');
  });
});

describe('numbersOf', () => {
  it('writes amounts exactly, beyond what a float holds', () => {
    expect(numbersOf('en', 'USD').money(123_456_789_012_345_678n)).toBe('USD\u00a012,345,678,901,234.57');
    expect(numbersOf('en', 'USD').money(90_071_992_547_409_930_100n)).toBe('USD\u00a09,007,199,254,740,993.01');
    expect(numbersOf('en', 'USD').money(-5n)).toBe('-USD\u00a00.00');
    expect(numbersOf('en', 'XXX').money(12_345_600n)).toBe('1,234.56');
    expect(numbersOf('en', 'EUR').money(12_345_600n, true)).toBe('EUR\u00a01,235');
  });

  it('follows the language', () => {
    expect(numbersOf('hu').percent(68.99)).toBe('69,0%');
    expect(numbersOf('hu').whole(1_067_370)).toBe('1\u00a0067\u00a0370');
    expect(numbersOf('th').whole(1_067_370)).toBe('1,067,370');
    expect(numbersOf('zh').days(12)).toBe('12天');
    expect(numbersOf('th').span(400)).toBe('13 เดือน');
  });
});
