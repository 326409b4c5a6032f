import { expect, it } from 'vitest';
import { measuredLift } from '../../lambdas/statistics/measured-lift.ts';

it('counts once campaigns have been shown to work, and not before', () => {
  expect(measuredLift({ verdict: 'worked', lift_points: 3.2 })).toBe(3.2);
  for (const verdict of ['cannot_tell_yet', 'no_difference_seen', 'harmed', 'unfit']) {
    expect(measuredLift({ verdict, lift_points: 3.2 })).toBeNull();
  }
  expect(measuredLift({ verdict: 'cannot_tell_yet', lift_points: null })).toBeNull();
  expect(measuredLift(null)).toBeNull();
});
