import { describe, expect, test } from 'vitest';
import { fitShift } from '../../lambdas/model/calibration.ts';
import { logLoss } from '../../lambdas/model/evaluation.ts';
import { remembered } from '../../lambdas/model/feature-rows.ts';
import { blendOf, fitLinear, fitPurchaseProcess, lossProbabilities } from '../../lambdas/model/methods.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { fitChurnForest, inputOf } from '../../lambdas/train/fit-forest.ts';
import { allBelieved, atLevel, calibratorOn, keptAtLevel } from '../../lambdas/train/level.ts';
import { at, type LabelledRows, until } from '../../lambdas/train/snapshots.ts';
import { labelledShop, simulatedShop } from './labelled-shop.ts';

const settings = parseConfig({ model: { trees: 30 } }, 'test').model;
const H = 60;
/** Hardly anybody buys in one half of the year, most do in the other. */
const busy = (day: number) => 0.5 + 0.45 * Math.sin((2 * Math.PI * day) / 365);

const shopOf = (...told: Parameters<typeof labelledShop>): LabelledRows => {
  const labelled = labelledShop(...told);
  return { ...labelled, rows: remembered(labelled.rows) };
};

/** A date as a night sees it: what was known then, and its buyers. */
const occasion = (rows: LabelledRows, date: number) => ({
  date,
  horizonDays: H,
  known: until(rows, date - H),
  buyers: at(rows, date).rows,
});

async function trainedOn(rows: LabelledRows, date: number) {
  const known = until(rows, date - H);
  const bgNbd = fitPurchaseProcess(at(known, date - H).rows);
  const input = inputOf(known, H, bgNbd);
  const forest = await fitChurnForest(settings, input.vector, known.lost);
  return { method: blendOf(forest, fitLinear(input, known.lost), known.lost.length), bgNbd };
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('a model that stays in force for a year', () => {
  const dates = Array.from({ length: 40 }, (_, month) => 200 + 30 * month);
  const rows = shopOf(simulatedShop(600, 1500, 12, { perDay: 0.03, stay: 0.95, busy }), dates, H);
  const trained = 800;

  test('follows the season with its level, and foretells better than with that of its training', async () => {
    const model = await trainedOn(rows, trained);
    const months = Array.from({ length: 6 }, (_, k) => trained + 60 * k).map((night) => {
      const tonight = at(rows, night);
      const told = (date: number) =>
        lossProbabilities(keptAtLevel(model, occasion(rows, date), allBelieved), inputOf(tonight, H, model.bgNbd));
      const [fresh, stale] = [told(night), told(trained)];
      const gap = (scores: Float64Array) => Math.abs(mean(scores) - mean(tonight.lost));
      return {
        fresh: logLoss(fresh, tonight.lost)!,
        stale: logLoss(stale, tonight.lost)!,
        gapOfFresh: gap(fresh),
        gapOfStale: gap(stale),
      };
    });
    const over = (name: keyof (typeof months)[number]) => mean(months.map((month) => month[name]));
    expect(over('fresh')).toBeLessThan(over('stale') - 0.01);
    expect(over('gapOfFresh')).toBeLessThan(over('gapOfStale') / 2);
  });

  test('keeps the order in which it ranks customers', async () => {
    const model = await trainedOn(rows, trained);
    const input = inputOf(at(rows, 980), H, model.bgNbd);
    const plain = lossProbabilities(model.method, input);
    const moved = lossProbabilities(keptAtLevel(model, occasion(rows, 980), allBelieved), input);
    const order = (scores: Float64Array) => [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b);
    expect(order(moved)).toEqual(order(plain));
    expect(moved).not.toEqual(plain);
  });
});

test('a method without a level that moves stays as it is', async () => {
  const rows = shopOf(simulatedShop(300, 800, 3, { busy }), [200, 260, 320, 380, 440, 500, 560], H);
  const { method, bgNbd } = await trainedOn(rows, 620);
  const forest = { basis: 'forest', forest: method.forest } as const;
  expect(atLevel({ method: forest, bgNbd }, occasion(rows, 620), allBelieved)).toBe(forest);
  expect(keptAtLevel({ method: forest, bgNbd }, occasion(rows, 620), allBelieved)).toBe(forest);
});

describe('the level of the purchase process', () => {
  const dates = [120, 180, 240, 300];
  const none = { season: false, process: false };

  /** Joined over half a year, and few of them bought again after day 200. */
  const slowing = simulatedShop(900, 400, 7, { joinOver: 180, perDay: 0.04, stay: 0.97 }).map((days) =>
    days.filter((day, i) => i === 0 || day < 200 || day % 4 === 0),
  );

  /** A model of the slowing shop whose regression foretells more loss, and how far BG/NBD's level lies from its own. */
  async function slowed(more: number) {
    const rows = shopOf(slowing, dates, H);
    const { method, bgNbd } = await trainedOn(rows, 300);
    const linear = { ...method.linear, intercept: method.linear.intercept + more };
    const model = { method: { ...method, linear }, bgNbd };
    const input = inputOf(at(rows, 300), H, bgNbd);
    const column = input.vector.names.indexOf('bgnbd_no_purchase');
    const apart = fitShift(lossProbabilities(model.method, input), input.vector.columns[column]!)!.shift;
    return { model, apart, now: occasion(rows, 300) };
  }

  test('is followed beyond a leeway where no season is known', async () => {
    const { model, apart, now } = await slowed(0.5);
    expect(apart).toBeLessThan(-0.2 - 0.15);
    expect(calibratorOn(model, now, allBelieved)).toEqual({ kind: 'process', shift: expect.closeTo(apart + 0.2, 10) });
    expect(calibratorOn(model, now, { ...allBelieved, process: false })).toBeNull();
  });

  test('is left alone where hardly anything lies beyond the leeway', async () => {
    const { model, apart, now } = await slowed(0);
    expect(apart).toBeLessThan(-0.2);
    expect(apart).toBeGreaterThan(-0.2 - 0.15);
    expect(calibratorOn(model, now, allBelieved)).toBeNull();
  });

  test('is not followed where BG/NBD was wrong about the snapshots before', async () => {
    const yearly = simulatedShop(900, 400, 7, { joinOver: 180, perDay: 0.04, stay: 0.97 }).map((days) =>
      days.filter((day) => day < 150 || day > 290),
    );
    const rows = shopOf(
      yearly.filter((days) => days.length > 0),
      dates,
      H,
    );
    const model = await trainedOn(rows, 300);
    expect(calibratorOn(model, occasion(rows, 300), allBelieved)).toBeNull();
  });

  test('of all outcomes known by now is taken over by a kept model that foretold too little loss', async () => {
    const rows = shopOf(slowing, dates, H);
    const { method, bgNbd } = await trainedOn(rows, 300);
    const low = { ...method, linear: { ...method.linear, intercept: method.linear.intercept - 1.5 } };
    expect(atLevel({ method, bgNbd }, occasion(rows, 300), none)).toMatchObject({ calibrator: null });
    const kept = keptAtLevel({ method: low, bgNbd }, occasion(rows, 300), none);
    if (kept.basis !== 'blend') throw new Error('not a blend');
    expect(kept.calibrator).toMatchObject({ kind: 'history' });
    const known = until(rows, 300 - H);
    expect(mean(lossProbabilities(kept, inputOf(known, H, bgNbd)))).toBeCloseTo(mean(known.lost), 6);
  });
});
