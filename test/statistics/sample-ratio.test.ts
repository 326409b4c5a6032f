import { describe, expect, it } from 'vitest';
import { randomFor, uniform } from '../../lambdas/model/random.ts';
import { sampleRatio } from '../../lambdas/statistics/sample-ratio.ts';

const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

describe('the sample ratio', () => {
  it('is exact for one share: both tails of the binomial', () => {
    const tail = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]
      .map((k) => choose(20, k) * 0.1 ** k * 0.9 ** (20 - k))
      .reduce((sum, chance) => sum + chance, 0);
    expect(sampleRatio([{ customers: 20, controls: 8, share: 0.1 }])).toBeCloseTo(2 * tail, 12);
    expect(sampleRatio([{ customers: 10, controls: 9, share: 0.5 }])).toBeCloseTo((2 * 11) / 1024, 12);
    expect(sampleRatio([{ customers: 10, controls: 5, share: 0.5 }])).toBe(1);
  });

  it('is exact for several shares: one coin at 0.5 and one at 0.2, both control', () => {
    const draws = [
      { customers: 1, controls: 1, share: 0.5 },
      { customers: 1, controls: 1, share: 0.2 },
    ];
    expect(sampleRatio(draws)).toBeCloseTo(2 * 0.5 * 0.2, 12);
  });

  it('does not care in which pieces the same draw is told', () => {
    const whole = sampleRatio([{ customers: 1000, controls: 130, share: 0.1 }])!;
    const pieces = sampleRatio([
      { customers: 400, controls: 90, share: 0.1 },
      { customers: 600, controls: 40, share: 0.1 },
    ]);
    expect(pieces).toBeCloseTo(whole, 12);
  });

  it('is tiny where a tenth of control went missing among a hundred thousand, and not where chance could do it', () => {
    expect(sampleRatio([{ customers: 99_000, controls: 9_000, share: 0.1 }])).toBeLessThan(1e-9);
    expect(sampleRatio([{ customers: 100_000, controls: 9_900, share: 0.1 }])).toBeGreaterThan(0.2);
  });

  it('is 0 for what cannot be, 1 for what must be, and none where nobody was drawn', () => {
    expect(sampleRatio([{ customers: 5, controls: 1, share: 0 }])).toBe(0);
    expect(sampleRatio([{ customers: 5, controls: 0, share: 0 }])).toBe(1);
    expect(sampleRatio([{ customers: 5, controls: 5, share: 1 }])).toBe(1);
    expect(sampleRatio([{ customers: 0, controls: 0, share: 0.1 }])).toBeNull();
    expect(sampleRatio([])).toBeNull();
  });

  it('calls a fair draw unfair no more often than it says', () => {
    let below = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const random = randomFor(seed);
      let controls = 0;
      for (let i = 0; i < 300; i++) if (uniform(random) < 0.1) controls++;
      if (sampleRatio([{ customers: 300, controls, share: 0.1 }])! < 0.05) below++;
    }
    expect(below / 2000).toBeLessThan(0.06);
  });
});
