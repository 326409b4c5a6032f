import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSample, everybody, type PrefixCount } from '../../lambdas/features/sample.ts';

const counts = fc.uniqueArray(fc.nat({ max: 0xffff }), { minLength: 1, maxLength: 60 }).chain((prefixes) =>
  fc.tuple(
    ...prefixes
      .sort((a, b) => a - b)
      .map((prefix) =>
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 })).map(
          ([customers, dates]): PrefixCount => ({
            key_prefix: prefix.toString(16).padStart(4, '0'),
            customers,
            snapshots: customers * dates,
          }),
        ),
      ),
  ),
);

const inside = (all: readonly PrefixCount[], below: string) => all.filter((count) => count.key_prefix < below);
const snapshots = (some: readonly PrefixCount[]) => some.reduce((sum, count) => sum + count.snapshots, 0);

describe('chooseSample', () => {
  it('takes as many prefixes as fit, and at least one', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 2000 }), (all, limit) => {
        const taken = inside(all, chooseSample(all, limit).below);
        expect(taken.length).toBeGreaterThan(0);
        if (taken.length > 1) expect(snapshots(taken)).toBeLessThanOrEqual(limit);
        const next = all[taken.length];
        if (next) expect(snapshots(taken) + next.snapshots).toBeGreaterThan(limit);
      }),
    );
  });

  it('takes everybody where they fit, and of nobody everybody', () => {
    expect(chooseSample([{ key_prefix: 'ffff', customers: 2, snapshots: 10 }], 10)).toEqual(everybody);
    expect(chooseSample([], 10)).toEqual(everybody);
  });

  it('states the share of customers in percent', () => {
    const all = [
      { key_prefix: '0001', customers: 1, snapshots: 12 },
      { key_prefix: '8000', customers: 2, snapshots: 12 },
    ];
    expect(chooseSample(all, 12)).toEqual({ below: '8000', ratePct: 33.33 });
  });
});
