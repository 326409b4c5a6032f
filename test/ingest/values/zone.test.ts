import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openZone } from '../../../lambdas/ingest/values/zone.ts';

const zones = [
  'UTC',
  'Europe/Budapest',
  'America/New_York',
  'Asia/Bangkok',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
];
const wall = (zone: string, utc: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(utc * 1000);
const instant = fc.integer({ min: Date.UTC(1995, 0, 1) / 1000, max: Date.UTC(2035, 0, 1) / 1000 });

describe('openZone', () => {
  test.each(zones)(
    '%s: the wall clock of an instant leads back to it, or to its twin in the hour that repeats',
    (name) => {
      const zone = openZone(name);
      fc.assert(
        fc.property(instant, (utc) => {
          const clock = wall(name, utc);
          const back = zone.toUtc(Date.parse(`${clock.replace(' ', 'T')}Z`) / 1000);
          expect(wall(name, back)).toBe(clock);
          expect(back).toBeLessThanOrEqual(utc);
          expect(zone.dayOf(utc)).toBe(Date.parse(`${clock.slice(0, 10)}T00:00:00Z`) / 86_400_000);
        }),
        { numRuns: 300, seed: 7 },
      );
    },
  );

  test('a skipped time moves on by the gap, a repeated one is its first occurrence', () => {
    const zone = openZone('America/New_York');
    const utc = (text: string) => new Date(zone.toUtc(Date.parse(`${text}Z`) / 1000) * 1000).toISOString();
    expect(utc('2024-03-10T02:30:00')).toBe('2024-03-10T07:30:00.000Z');
    expect(utc('2024-11-03T01:30:00')).toBe('2024-11-03T05:30:00.000Z');
  });

  test('a zone that does not exist is named', () => {
    expect(() => openZone('Mars/Olympus')).toThrow(/Mars\/Olympus/);
  });
});
