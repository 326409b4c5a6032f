import { describe, expect, test } from 'vitest';
import { logLoss, rocAuc } from '../../lambdas/model/evaluation.ts';
import { blendOf, fitLinear, fitPurchaseProcess } from '../../lambdas/model/methods.ts';
import { integerBelow, randomFor } from '../../lambdas/model/random.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { fitChurnForest, inputOf } from '../../lambdas/train/fit-forest.ts';
import { allBelieved, calibratorOn } from '../../lambdas/train/level.ts';
import { at, type LabelledRows, until } from '../../lambdas/train/snapshots.ts';
import { JudgedOnOwnWindow, refuseOwnWindow, walkForward } from '../../lambdas/train/walk-forward.ts';
import { labelledShop, type PurchaseDays, simulatedShop } from './labelled-shop.ts';

const settings = parseConfig({ model: { trees: 30 } }, 'test').model;
const H = 60;

const tested = async (rows: LabelledRows, testOn: number) => {
  const fold = await walkForward(rows, testOn, H, { ...settings, min_per_class: 1 });
  if (!fold) throw new Error('there is no fold');
  return fold;
};

describe('a shop with something to learn', () => {
  const rows = labelledShop(simulatedShop(900, 400, 5), [180, 240, 300], H);

  test('is foretold better than by chance, by every method and by probabilities', async () => {
    const fold = await tested(rows, 300);
    expect(fold).toMatchObject({ testOn: 300, trainedUntil: 240, horizonDays: H });
    for (const [method, scores] of fold.foretold) {
      expect(rocAuc(scores, fold.lost), method).toBeGreaterThan(0.6);
      for (const score of scores) expect(score >= 0 && score <= 1, method).toBe(true);
    }
    const blend = fold.foretold.get('blend')!;
    const [forest, logistic] = [fold.foretold.get('forest')!, fold.foretold.get('logistic')!];
    const learned = until(rows, 240).lost.length;
    const share = learned / (learned + 2000) / 2;
    for (const [row, score] of blend.entries()) {
      expect(score).toBeCloseTo(share * forest[row]! + (1 - share) * logistic[row]!, 12);
    }
  });

  test('is not foretold at all once its outcomes are shuffled', async () => {
    const random = randomFor(9);
    const lost = rows.lost.slice();
    for (let i = lost.length - 1; i > 0; i--) {
      const j = integerBelow(random, i + 1);
      [lost[i], lost[j]] = [lost[j]!, lost[i]!];
    }
    const fold = await tested({ ...rows, lost }, 300);
    const positives = fold.lost.reduce((sum, value) => sum + value, 0);
    const negatives = fold.lost.length - positives;
    const standardError = Math.sqrt((fold.lost.length + 1) / (12 * positives * negatives));
    for (const [method, scores] of fold.foretold) {
      expect(Math.abs(rocAuc(scores, fold.lost)! - 0.5), method).toBeLessThan(3 * standardError);
    }
  });
});

describe('a model judged on days it has learned from', () => {
  const window = { testOn: 300, horizonDays: H, isActive: new Uint8Array(), customers: new Uint32Array() };

  test('is refused, to the day', () => {
    expect(() => refuseOwnWindow({ ...window, trainedUntil: 240 })).not.toThrow();
    expect(() => refuseOwnWindow({ ...window, trainedUntil: 241 })).toThrow(JudgedOnOwnWindow);
    expect(() => refuseOwnWindow({ ...window, trainedUntil: 300 })).toThrow(/learned from outcomes until 1970-12-27/);
  });
});

describe('a test', () => {
  const rows = labelledShop(simulatedShop(300, 400, 5), [180, 240, 300], H);
  const distinct = (from: LabelledRows, outcome: number) =>
    new Set(from.rows.customerKeys.filter((_, row) => from.lost[row] === outcome)).size;

  test('is made where enough customers of either outcome were known, each counted once', async () => {
    const known = until(rows, 240);
    const fewest = Math.min(distinct(known, 0), distinct(known, 1));
    expect(known.lost.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(distinct(known, 1));
    expect(await walkForward(rows, 300, H, { ...settings, min_per_class: fewest })).not.toBeNull();
    expect(await walkForward(rows, 300, H, { ...settings, min_per_class: fewest + 1 })).toBeNull();
  });

  test('is made on 30 customers of either outcome at least', async () => {
    const few = (kept: number): LabelledRows => {
      let seen = 0;
      const lost = rows.lost.map((value, row) =>
        rows.dates[row] === 300 && value === 0 && seen++ >= kept ? 1 : value,
      );
      return { ...rows, lost };
    };
    const asked = { ...settings, min_per_class: 40 };
    expect(await walkForward(few(30), 300, H, asked)).not.toBeNull();
    expect(await walkForward(few(29), 300, H, asked)).toBeNull();
  });
});

describe('shops with little to go by', () => {
  /** Nobody ever buys twice before the first date, a few do afterwards. */
  const oneTime: PurchaseDays = Array.from({ length: 500 }, (_, i) =>
    i % 25 === 0 ? [i % 170, 250 + (i % 60)] : [i % 170],
  );
  const shops: [string, PurchaseDays][] = [
    ['nearly all buy once', oneTime],
    [
      'everybody buys at one rate and most are lost',
      simulatedShop(500, 400, 3, { joinOver: 150, perDay: 0.05, stay: 0.5 }),
    ],
    ['nobody is ever lost for long', simulatedShop(500, 400, 4, { joinOver: 150, perDay: 0.05, stay: 0.999 })],
    ['few buy again within the year', simulatedShop(500, 400, 6, { joinOver: 150, perDay: 0.002 })],
  ];

  test.each(shops)('%s: every method gives probabilities', async (_, shop) => {
    const fold = await tested(labelledShop(shop, [180, 210, 240, 270, 300], H), 300);
    for (const [method, scores] of fold.foretold) {
      for (const score of scores) expect(score >= 0 && score <= 1, method).toBe(true);
    }
  });
});

describe('the season', () => {
  /** Busy in the last quarter of each year of 365 days. */
  const busy = (day: number) => (day % 365 > 270 ? 1 : 0.35);
  const shop = simulatedShop(1500, 1100, 8, { perDay: 0.06, stay: 0.93, busy });
  const testOn = 2 * 365 + 268;
  const yearBefore = testOn - 365;
  const dates = [testOn - 300, testOn - 240, testOn - 180, testOn - 120, testOn - 60, testOn];

  test('of the year before sets the level', async () => {
    const fold = await tested(labelledShop(shop, [yearBefore, ...dates], H), testOn);
    const [plain, seasonal] = [fold.foretold.get('blend')!, fold.foretold.get('blend_calibrated')!];
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(plain) - mean(fold.lost)).toBeGreaterThan(0.05);
    expect(Math.abs(mean(seasonal) - mean(fold.lost))).toBeLessThan(0.03);
    expect(logLoss(seasonal, fold.lost)!).toBeLessThan(logLoss(plain, fold.lost)!);
    expect(rocAuc(seasonal, fold.lost)).toBeCloseTo(rocAuc(plain, fold.lost)!, 12);
  });

  test('is not known where no snapshot shows it', async () => {
    const fold = await tested(labelledShop(shop, dates, H), testOn);
    expect(fold.calibrator?.kind).not.toBe('season');
    expect((await tested(labelledShop(shop, [yearBefore, ...dates], H), testOn)).calibrator?.kind).toBe('season');
  });

  const calibratorOf = async (rows: LabelledRows, date: number) => {
    const known = until(rows, date - H);
    const bgNbd = fitPurchaseProcess(at(known, date - H).rows);
    const input = inputOf(known, H, bgNbd);
    const forest = await fitChurnForest(settings, input.vector, known.lost);
    const linear = fitLinear(input, known.lost);
    const method = blendOf(forest, linear, known.lost.length);
    const occasion = { date, horizonDays: H, known, buyers: at(rows, date).rows };
    return calibratorOn({ method, bgNbd }, occasion, { ...allBelieved, process: false });
  };

  test('is taken from a snapshot up to three weeks off, not more', async () => {
    const near = (days: number) => calibratorOf(labelledShop(shop, [yearBefore + days, ...dates], H), testOn);
    expect((await near(21))!.shift).toBeLessThan(-0.15);
    expect((await near(-21))!.shift).toBeLessThan(0);
    expect(await near(22)).toBeNull();
  });

  test('is not taken from the first half year of a shop, nor where it does not stand out', async () => {
    const young = shop.map((days) => days.filter((day) => day > yearBefore - 179)).filter((days) => days.length > 0);
    expect(await calibratorOf(labelledShop(young, [yearBefore, ...dates], H), testOn)).toBeNull();
    const steady = simulatedShop(1500, 1100, 8, { joinOver: 200, perDay: 0.02, stay: 0.9 });
    expect(await calibratorOf(labelledShop(steady, [yearBefore, ...dates], H), testOn)).toBeNull();
  });
});
