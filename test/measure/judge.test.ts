import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../lambdas/measure/judge.ts';
import type { ArmOutcome, Outcome } from '../../lambdas/measure/outcomes.ts';
import { verdictReason } from '../../lambdas/measure/reason.ts';
import { languages } from '../../lambdas/wording/language.ts';

const arm = (customers: number, reactivated: number, amounts: readonly number[] = []): ArmOutcome => ({
  customers,
  reactivated,
  revenue: 0n,
  amounts: Float64Array.from(amounts),
});

/** Drawn with just the share that control has, unless told. */
const outcome = (treated: ArmOutcome, controls: ArmOutcome, share?: number): Outcome => {
  const customers = treated.customers + controls.customers;
  return {
    campaign: 'win_back',
    treated,
    controls,
    draws: [{ customers, controls: controls.customers, share: share ?? controls.customers / Math.max(1, customers) }],
    contaminated: 0,
    cost: 0n,
    firstEnteredOn: 0,
    lastEnteredOn: 0,
  };
};

const settings = { expectedLift: 0.02, replicates: 119 };
const verdictOf = (...outcomes: Outcome[]) => judge(outcomes, settings).verdict;

describe('the verdict', () => {
  it('is that it worked, or harmed, where the interval leaves 0 out', () => {
    expect(verdictOf(outcome(arm(2700, 380), arm(300, 22)))).toBe('worked');
    expect(verdictOf(outcome(arm(2700, 270), arm(300, 48)))).toBe('harmed');
  });

  it('is that no difference is seen only where the lift that is counted on would have shown', () => {
    expect(verdictOf(outcome(arm(20_000, 2000), arm(5000, 495)))).toBe('no_difference_seen');
    expect(verdictOf(outcome(arm(722, 72), arm(90, 9)))).toBe('cannot_tell_yet');
    expect(judge([outcome(arm(722, 72), arm(90, 9))], { ...settings, expectedLift: 0.12 }).verdict).toBe(
      'no_difference_seen',
    );
    expect(judge([outcome(arm(20_000, 2000), arm(5000, 495))], { ...settings, expectedLift: 0 }).verdict).toBe(
      'cannot_tell_yet',
    );
  });

  it('is unfit, whatever the lift, where the arms are not what was drawn', () => {
    expect(verdictOf(outcome(arm(2700, 380), arm(300, 22), 0.13))).toBe('unfit');
    expect(verdictOf(outcome(arm(2700, 380), arm(300, 22), 0.105))).toBe('worked');
  });

  it('cannot be told of nobody, of an empty arm, of a handful, or where all or none bought', () => {
    const cases = [
      [],
      [outcome(arm(0, 0), arm(0, 0))],
      [outcome(arm(500, 50), arm(0, 0))],
      [outcome(arm(0, 0), arm(50, 5))],
      [outcome(arm(9, 3), arm(1, 0))],
      [outcome(arm(90, 90), arm(10, 10))],
      [outcome(arm(90, 0), arm(10, 0))],
    ];
    for (const outcomes of cases) expect(judge(outcomes, settings).verdict).toBe('cannot_tell_yet');
    for (const outcomes of cases.slice(0, 4)) {
      expect(judge(outcomes, settings)).toMatchObject({ lift: null, revenueLift: null, smallestLift: null });
    }
  });

  it('of one campaign is that of a pool of it alone', () => {
    const one = outcome(arm(900, 130, [30, 40, 50]), arm(100, 9, [20, 10]));
    expect(judge([one, outcome(arm(40, 3), arm(0, 0))], settings).lift).toEqual(judge([one], settings).lift);
  });
});

describe('the figures', () => {
  const sizes = fc.integer({ min: 1, max: 800 });
  const arms = sizes.chain((size) => fc.integer({ min: 0, max: size }).map((events) => arm(size, events)));

  it('are negated where the arms are swapped', () => {
    fc.assert(
      fc.property(arms, arms, (a, b) => {
        const one = judge([outcome(a, b)], settings);
        const other = judge([outcome(b, a)], settings);
        expect(other.lift!.difference).toBeCloseTo(-one.lift!.difference, 10);
        expect(other.lift!.low).toBeCloseTo(-one.lift!.high, 10);
        const turned = { worked: 'harmed', harmed: 'worked' } as const;
        if (one.verdict === 'worked' || one.verdict === 'harmed') expect(other.verdict).toBe(turned[one.verdict]);
      }),
    );
  });

  it('name the customers that the expected lift would take, with control groups of the same share', () => {
    const found = judge([outcome(arm(722, 36), arm(90, 9))], settings);
    expect(found.smallestLift).toBeGreaterThan(0.1);
    expect(found.customersNeeded).toBeGreaterThan(15_000);
    expect(judge([outcome(arm(450, 45), arm(50, 5))], settings).customersNeeded).toBe(21_860);
  });

  it('tell less of campaigns with control groups of differing shares than their sums would', () => {
    const pooled = judge([outcome(arm(900, 90), arm(100, 10)), outcome(arm(500, 50), arm(500, 50))], settings);
    const sums = judge([outcome(arm(1400, 140), arm(600, 60))], settings);
    expect(pooled.smallestLift).toBeGreaterThan(sums.smallestLift!);
  });
});

describe('the reason', () => {
  const told = (outcomes: readonly Outcome[], language: (typeof languages)[number] = 'en', stillOpen = 0) =>
    verdictReason(language, { judgement: judge(outcomes, settings), windowDays: 30, stillOpen, expectedLift: 0.02 });

  it.each<[string, Outcome[], string]>([
    [
      'worked',
      [outcome(arm(2700, 380), arm(300, 22))],
      'Of those contacted 14.1% bought, of the control group 7.3%: a difference of +6.7 points (95% interval +3.0 to +9.5).',
    ],
    [
      'harmed',
      [outcome(arm(2700, 270), arm(300, 48))],
      'Of those contacted 10.0% bought, of the control group 16.0%: a difference of −6.0 points (95% interval −10.7 to −2.1). Contacting kept people from buying.',
    ],
    [
      'no difference seen',
      [outcome(arm(20_000, 2000), arm(5000, 495))],
      'Of those contacted 10.0% bought, of the control group 9.9%: a difference of +0.1 points (95% interval −0.9 to +1.0). A lift of 1.4 points would have shown four times in five.',
    ],
    [
      'too few',
      [outcome(arm(450, 45), arm(50, 5))],
      'Of those contacted 10.0% bought, of the control group 10.0%: a difference of +0.0 points (95% interval −11.6 to +6.5). With 450 contacted and 50 in control, a lift shows from 16.6 points on. To show 2 points it would take 21,860 customers.',
    ],
    [
      'unfit',
      [outcome(arm(2700, 380), arm(300, 22), 0.13)],
      'Of 3,000 customers 300 are in control, where the draw lets expect 390: the arms are not what was drawn and cannot be compared.',
    ],
    [
      'an empty arm',
      [outcome(arm(12, 3), arm(0, 0))],
      '12 contacted and 0 in control: with an empty arm there is nothing to compare.',
    ],
    ['nobody', [], 'Nobody has entered yet.'],
  ])('of %s is a sentence with its numbers', (_, outcomes, sentence) => {
    expect(told(outcomes)).toBe(sentence);
  });

  it.each(languages)('is told in %s, whatever is judged', (language) => {
    const every = [
      [outcome(arm(2700, 380), arm(300, 22))],
      [outcome(arm(2700, 270), arm(300, 48))],
      [outcome(arm(20_000, 2000), arm(5000, 495))],
      [outcome(arm(722, 72), arm(90, 9))],
      [outcome(arm(9, 9), arm(1, 1))],
      [outcome(arm(2700, 380), arm(300, 22), 0.13)],
      [outcome(arm(12, 3), arm(0, 0))],
      [],
    ].map((outcomes) => told(outcomes, language));
    const waiting = told([], language, 40);
    expect(new Set([...every, waiting]).size).toBe(9);
    for (const sentence of [...every, waiting]) expect(sentence).not.toMatch(/undefined|NaN|null|\[object/);
    expect(waiting).toContain('40');
  });
});
