import { describe, expect, test } from 'vitest';
import { logLoss } from '../../lambdas/model/evaluation.ts';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { asBelieved, asPublished, beliefsClause, weigh, weighOn } from '../../lambdas/train/beliefs.ts';
import { judgeFolds, meanRows } from '../../lambdas/train/published-metrics.ts';
import type { Fold } from '../../lambdas/train/walk-forward.ts';
import { day } from '../support/lake.ts';

type Kind = 'season' | 'process';

const shifted = (p: number, shift: number) => 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + shift)));

/**
 * A test whose blend lies below the truth by `low` log odds.
 * @param shift what `blend_calibrated` adds, by the given kind; null where nothing was known
 */
function fold(testOn: string, low: number, kind: Kind, shift: number | null): Fold {
  const random = randomFor(3, day(testOn));
  const truth = Float64Array.from({ length: 3000 }, () => 0.1 + 0.8 * uniform(random));
  const blend = truth.map((p) => shifted(p, -low));
  const isActive = Uint8Array.from(truth, (_, row) => (row % 3 === 0 ? 1 : 0));
  const moved = blend.map((p) => shifted(p, shift ?? 0));
  return {
    testOn: day(testOn),
    trainedUntil: day(testOn) - 90,
    horizonDays: 90,
    lost: Uint8Array.from(truth, (p) => (uniform(random) < p ? 1 : 0)),
    isActive,
    customers: Uint32Array.from(truth, (_, row) => row),
    foretold: new Map([
      ['forest', blend],
      ['blend', blend],
      ['blend_calibrated', moved],
    ]),
    calibrator: shift === null ? null : { kind, shift },
  };
}

describe.each([
  ['season', 'the season of the year before'],
  ['process', 'the level of the purchase process'],
] as const)('a shift by %s', (kind, name) => {
  test('is believed where no test was moved by it, and not called tested', () => {
    const believed = weigh([fold('2024-01-01', 0.6, kind, null)]);
    expect(believed).toMatchObject({ [kind]: true, tests: { [kind]: 0 } });
    expect(beliefsClause(believed)).toContain(`${name} not tested`);
    expect(weigh([])[kind]).toBe(true);
  });

  test('is believed where it brought the level nearer to the truth', () => {
    const believed = weigh([fold('2024-01-01', 0.6, kind, 0.5), fold('2024-04-01', 0.2, kind, null)]);
    expect(believed).toMatchObject({ [kind]: true, tests: { [kind]: 1 } });
    expect(beliefsClause(believed)).toContain(`${name} held at 1 date`);
  });

  test('is not believed where it led away from it on average', () => {
    const wrong = [fold('2024-01-01', 0.6, kind, 0.3), fold('2024-04-01', 0.3, kind, -0.9)];
    expect(weigh(wrong)).toMatchObject({ [kind]: false, tests: { [kind]: 2 } });
    expect(beliefsClause(weigh(wrong))).toContain(`${name} did not hold at 2 dates`);
    expect(weigh([fold('2024-01-01', 0.1, kind, -0.5)])[kind]).toBe(false);
  });

  test.each([
    ['went the wrong way', 0.3, -0.15],
    ['moved what was right', 0, 0.2],
    ['went too far', 0.3, 0.7],
  ])('is refuted by eight dates at which it %s a little', (_, low, shift) => {
    const folds = Array.from({ length: 8 }, (_, i) => fold(`2024-0${i + 1}-01`, low, kind, shift));
    expect(weigh(folds)[kind]).toBe(false);
  });

  test('is not refuted by one date that it missed by a little', () => {
    const believed = weigh([fold('2024-01-01', 0, kind, -0.12)]);
    expect(believed[kind]).toBe(true);
    expect(beliefsClause(believed)).toContain(`${name} was not refuted at 1 date`);
  });

  test('is judged by customers not yet lapsed', () => {
    const among = (isActive: 0 | 1) => {
      const one = fold('2024-01-01', 0.6, kind, 0.5);
      const lost = one.lost.map((outcome, row) =>
        one.isActive[row] === isActive ? (row % 10 === 0 ? 1 : 0) : outcome,
      );
      return weigh([{ ...one, lost }])[kind];
    };
    expect(among(0)).toBe(true);
    expect(among(1)).toBe(false);
  });

  test('is neither borne out nor refuted where only one outcome came', () => {
    const one = fold('2024-01-01', 0.1, kind, -0.5);
    expect(weigh([{ ...one, lost: one.lost.map(() => 0) }])[kind]).toBe(true);
  });
});

test('a fold keeps the shift that is believed and loses the other', () => {
  const [season, process] = [fold('2024-01-01', 0.6, 'season', 0.5), fold('2024-04-01', 0.6, 'process', 0.5)];
  const beliefs = { season: true, process: false };
  expect(asBelieved(season, beliefs)).toBe(season);
  const plain = asBelieved(process, beliefs);
  expect(plain.calibrator).toBeNull();
  expect(plain.foretold.get('blend_calibrated')).toBe(process.foretold.get('blend'));
});

describe('folds as they are published', () => {
  const dates = ['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01'];

  test('are shifted until a test whose horizon has passed speaks against it', () => {
    const misleads = dates.map((date) => fold(date, 0.1, 'season', -0.5));
    const published = asPublished(misleads);
    expect(published.map(({ calibrator }) => calibrator?.kind ?? null)).toEqual(['season', null, null, null]);
    expect(published[0]).toBe(misleads[0]);
    expect(published[1]!.foretold.get('blend_calibrated')).toBe(misleads[1]!.foretold.get('blend'));
  });

  test('know nothing of a test whose horizon has not passed, and are the same in any order', () => {
    const close = ['2024-01-01', '2024-03-30', '2024-03-31'].map((date) => fold(date, 0.1, 'process', -0.5));
    const kinds = (folds: Fold[]) => asPublished(folds).map(({ calibrator }) => calibrator?.kind ?? null);
    expect(kinds(close)).toEqual(['process', 'process', null]);
    expect(kinds(close.toReversed())).toEqual([null, 'process', 'process']);
    expect(weighOn(close, day('2024-03-30')).tests.process).toBe(0);
  });

  test('do not change at a date with what happened on it or after it', () => {
    const folds = dates.map((date) => fold(date, 0.1, 'season', -0.5));
    const other = folds.map((one, i) =>
      i < 1 ? one : { ...one, lost: one.lost.map((_, row) => (row % 10 === 0 ? 1 : 0)) },
    );
    const told = (of: Fold[], i: number) => asPublished(of)[i]!.foretold.get('blend_calibrated');
    for (const i of [0, 1]) expect(told(other, i)).toEqual(told(folds, i));
    expect(told(other, 3)).not.toEqual(told(folds, 3));
  });
});

/** A test of a blend that knows the truth up to the luck of its date, and a shift that is noise too. */
function noiseFold(testOn: string, kind: Kind, seed: number): Fold {
  const random = randomFor(seed, day(testOn));
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
  const [luck, shift] = [0.2 * normal(), 0.2 * normal()];
  const blend = Float64Array.from({ length: 300 }, () => 0.1 + 0.8 * uniform(random));
  return {
    testOn: day(testOn),
    trainedUntil: day(testOn) - 90,
    horizonDays: 90,
    lost: Uint8Array.from(blend, (p) => (uniform(random) < shifted(p, luck) ? 1 : 0)),
    isActive: Uint8Array.from(blend, (_, row) => row % 2),
    customers: Uint32Array.from(blend, (_, row) => row),
    foretold: new Map([
      ['forest', blend],
      ['blend', blend],
      ['blend_calibrated', blend.map((p) => shifted(p, shift))],
    ]),
    calibrator: { kind, shift },
  };
}

describe.each(['season', 'process'] as const)('a %s that is nothing but noise', (kind) => {
  const shops = Array.from({ length: 400 }, (_, seed) =>
    ['2023-01-01', '2023-04-01', '2023-07-01'].map((date) => noiseFold(date, kind, seed)),
  );
  /** Mean over shops of how much better the shifted blend comes out than the plain one, in log loss, with its error. */
  const gainOf = (treated: (folds: Fold[]) => readonly Fold[]) => {
    const gains = shops.map((folds) => {
      const loss = (method: 'blend' | 'blend_calibrated') =>
        treated(folds).reduce((sum, one) => sum + logLoss(one.foretold.get(method)!, one.lost)! / folds.length, 0);
      return loss('blend') - loss('blend_calibrated');
    });
    const mean = gains.reduce((a, b) => a + b) / gains.length;
    const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0)) / gains.length;
    return { mean, error };
  };

  test('makes no published figure look better than it is', () => {
    const { mean, error } = gainOf(asPublished);
    expect(mean).toBeLessThan(2 * error);
    const hindsight = gainOf((folds) => folds.map((one) => asBelieved(one, weigh(folds))));
    expect(hindsight.mean).toBeGreaterThan(mean + 4 * hindsight.error);
  });

  test('is published with the figures of the folds as they were known', () => {
    const published = asPublished(shops[0]!);
    const row = meanRows(judgeFolds(published)).find(
      ({ method, metric, population }) =>
        method === 'blend_calibrated' && metric === 'log_loss' && population === 'all',
    )!;
    const losses = published.map((one) => logLoss(one.foretold.get('blend_calibrated')!, one.lost)!);
    expect(row.value).toBeCloseTo(losses.reduce((a, b) => a + b) / 3, 10);
  });
});
