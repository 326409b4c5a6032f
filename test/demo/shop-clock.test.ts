import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOfDay,
  dayOfDate,
  dayOfMonth,
  monthOfDay,
  timeInUtc,
  timeWithOffset,
  weekdayOfDay,
} from '../../bin/demo/shop-clock.ts';

const budapest = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Budapest',
  dateStyle: 'short',
  timeStyle: 'medium',
});
const moments = fc.integer({ min: dayOfDate('2015-01-01') * 86_400, max: dayOfDate('2035-12-31') * 86_400 });
const days = fc.integer({ min: dayOfDate('1960-01-01'), max: dayOfDate('2060-12-31') });

describe('the shop clock', () => {
  it('shows in Budapest what it says, all year but for the hour that clocks skip', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const wall = new Date(moment * 1_000).toISOString().slice(0, 19);
        fc.pre(!/-03-(2[5-9]|3[01])T02/.test(wall));
        expect(budapest.format(new Date(timeInUtc(moment)))).toBe(wall.replace('T', ' '));
        expect(Date.parse(timeWithOffset(moment))).toBe(Date.parse(timeInUtc(moment)));
        expect(timeWithOffset(moment).slice(0, 19)).toBe(wall);
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes its offset on the last Sundays of March and October', () => {
    const noonOf = (date: string) => timeWithOffset((dayOfDate(date) + 0.5) * 86_400);
    expect(['2026-03-28', '2026-03-29', '2026-10-24', '2026-10-25'].map(noonOf)).toEqual([
      '2026-03-28T12:00:00+01:00',
      '2026-03-29T12:00:00+02:00',
      '2026-10-24T12:00:00+02:00',
      '2026-10-25T12:00:00+01:00',
    ]);
  });

  it('counts days as the calendar does', () => {
    fc.assert(
      fc.property(days, (day) => {
        const date = dateOfDay(day);
        const reference = new Date(`${date}T00:00:00Z`);
        expect(dayOfDate(date)).toBe(day);
        expect(weekdayOfDay(day)).toBe((reference.getUTCDay() + 6) % 7);
        expect(monthOfDay(day)).toBe(reference.getUTCMonth() + 1);
        expect(dayOfMonth(day)).toBe(reference.getUTCDate());
      }),
    );
  });

  it.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', '', 'tomorrow'])('knows that %j is no date', (text) => {
    expect(dayOfDate(text)).toBeNaN();
  });
});
