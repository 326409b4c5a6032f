import { describe, expect, test } from 'vitest';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { asBelieved, beliefsClause, weigh } from '../../lambdas/train/beliefs.ts';
import type { Fold } from '../../lambdas/train/walk-forward.ts';
import { day } from '../support/lake.ts';

type Kind = 'season' | 'process';

const shifted = (p: number, shift: number) => 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + shift)));

/**
 * A test whose blend lies below the truth by `low` log odds.
 * @param shift what `blend_calibrated` adds, by the given kind; null where nothing was known
 * @param ofActive what it adds for those not lapsed yet, where that differs
 */
function fold(testOn: string, low: number, kind: Kind, shift: number | null, ofActive = shift): Fold {
  const random = randomFor(3, day(testOn));
  const truth = Float64Array.from({ length: 3000 }, () => 0.1 + 0.8 * uniform(random));
  const blend = truth.map((p) => shifted(p, -low));
  const isActive = Uint8Array.from(truth, (_, row) => (row % 3 === 0 ? 1 : 0));
  const moved = blend.map((p, row) => shifted(p, (isActive[row] === 1 ? ofActive : shift) ?? 0));
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

describe('the season of the year before', () => {
  test('is believed where a test was moved by it and got better', () => {
    const believed = weigh([fold('2024-01-01', 0.6, 'season', 0.5), fold('2024-04-01', 0.2, 'season', null)]);
    expect(believed).toMatchObject({ season: true, tests: { season: 1, process: 0 } });
    expect(beliefsClause(believed)).toBe(
      'the season of the year before held at 1 date, the level of the purchase process not tested',
    );
  });

  test('is not believed where no test was moved by it', () => {
    const believed = weigh([fold('2024-01-01', 0.6, 'season', null)]);
    expect(believed).toMatchObject({ season: false, tests: { season: 0 } });
    expect(beliefsClause(believed)).toContain('the season of the year before not tested');
  });

  test('is not believed where it made the tests worse on average, or changed nothing', () => {
    const wrong = [fold('2024-01-01', 0.6, 'season', 0.5), fold('2024-04-01', 0.3, 'season', -0.9)];
    expect(weigh(wrong)).toMatchObject({ season: false, tests: { season: 2 } });
    expect(beliefsClause(weigh(wrong))).toContain('the season of the year before did not hold at 2 dates');
    expect(weigh([fold('2024-01-01', 0, 'season', 0)]).season).toBe(false);
  });

  test('is not believed where all got better, but those not lapsed yet worse calibrated', () => {
    expect(weigh([fold('2024-01-01', 0.6, 'season', 0.6, -0.2)]).season).toBe(false);
  });
});

describe('the level of the purchase process', () => {
  test('is believed until a test speaks against it', () => {
    expect(weigh([fold('2024-01-01', 0.6, 'process', null)]).process).toBe(true);
    expect(weigh([fold('2024-01-01', 0.6, 'process', 0.4)]).process).toBe(true);
    expect(weigh([fold('2024-01-01', 0.6, 'process', -0.4)]).process).toBe(false);
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
