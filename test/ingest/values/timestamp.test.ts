import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsedTime } from '../../../lambdas/ingest/values/plain-time.ts';
import { orderEvidence, parseTime } from '../../../lambdas/ingest/values/timestamp.ts';
import { type DateOrder, readWrittenTime, writtenOrder } from '../../../lambdas/ingest/values/written-time.ts';

const parse = (text: string, order: DateOrder | null = null): string => {
  const bytes = Buffer.from(`x${text}9`);
  const problem = parseTime(bytes, 1, bytes.length - 1, order);
  if (problem !== null) return problem;
  const { seconds, micros, offset } = parsedTime;
  return `${seconds}.${micros} ${offset}`;
};
const written = (text: string, order: DateOrder | null): string => {
  const time = readWrittenTime(text, order);
  return typeof time === 'string' ? time : `${time.seconds}.${time.micros} ${time.offset}`;
};
const evidence = (text: string): string => orderEvidence(Buffer.from(text), 0, Buffer.byteLength(text));

const two = (value: number): string => String(value).padStart(2, '0');
const year = fc.constantFrom(999, 1900, 1999, 2000, 2023, 2024, 2100);
const dateText = fc
  .tuple(year, fc.nat(14), fc.nat(33), fc.nat(5))
  .map(
    ([y, m, d, form]) =>
      [
        `${y}-${two(m)}-${two(d)}`,
        `${two(d)}/${two(m)}/${y}`,
        `${d}/${m}/${y}`,
        `${m}-${d}-${y}`,
        `${d}.${m}.${y}`,
        `${two(m)}/${d}/${y}`,
      ][form]!,
  );
const clockText = fc
  .tuple(
    fc.constantFrom('', ' ', 'T', ', '),
    fc.nat(25),
    fc.nat(61),
    fc.constantFrom('', ':00', ':59', ':60', ':07.25', ':07.1234567', ':7', '.'),
    fc.constantFrom('', 'Z', ' Z', '+01:00', '-0530', ' +0100', '+14:00', '+15:00', '+01', ' PM', 'pm', ' am', 'x'),
  )
  .map(([gap, h, m, seconds, zone]) => (gap === '' ? '' : `${gap}${m % 2 ? two(h) : h}:${two(m)}${seconds}${zone}`));
const anyOrder = fc.constantFrom<DateOrder | null>(null, 'day_first', 'month_first');

describe('times', () => {
  test('a two-digit year proves an order only where it is known to stand last', () => {
    const proofs = (text: string) => [writtenOrder(text), writtenOrder(text, true)];
    expect(proofs('15/11/26')).toEqual(['ambiguous', 'day_first']);
    expect(proofs('05/11/26')).toEqual(['ambiguous', 'ambiguous']);
    expect(proofs('11/15/26')).toEqual(['month_first', 'month_first']);
  });

  test('the readers of the usual forms say what the reader of all forms says', () => {
    fc.assert(
      fc.property(dateText, clockText, anyOrder, (date, clock, order) => {
        expect(parse(date + clock, order)).toBe(written(date + clock, order));
        if (!/^....-..-../.test(date)) expect(evidence(date + clock)).toBe(writtenOrder(date + clock));
      }),
      { seed: 5, numRuns: 5000 },
    );
  });

  test('every day that exists is read as itself in every form, and no other day is read at all', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1995, max: 2060 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (y, m, d) => {
          const date = new Date(Date.UTC(y, m - 1, d));
          const name = date.toLocaleDateString('en-US', { month: 'long', timeZone: 'UTC' });
          const isDay = date.getUTCDate() === d;
          const said = isDay ? `${date.getTime() / 1000}.0 NaN` : 'impossible_time';
          const monthName = isDay
            ? name
            : new Date(Date.UTC(y, m - 1, 1)).toLocaleDateString('en-US', { month: 'long', timeZone: 'UTC' });
          for (const text of [
            `${y}-${two(m)}-${two(d)}`,
            `${y}${two(m)}${two(d)}`,
            `${y}/${m}/${d}`,
            `${y}. ${two(m)}. ${two(d)}.`,
            `${d}.${m}.${y}`,
            `${y}年${m}月${d}日`,
            `${d} ${monthName} ${y}`,
            `${monthName} ${d}, ${y}`,
          ]) {
            expect([text, parse(text)]).toEqual([text, said]);
          }
          expect(parse(`${d}/${m}/${y}`, 'day_first')).toBe(said);
          expect(parse(`${m}/${d}/${y}`, 'month_first')).toBe(said);
        },
      ),
      { seed: 6, numRuns: 400 },
    );
  });

  test('every ISO week day is read as the day that the calendar has', () => {
    const monday = Date.UTC(2018, 11, 31);
    for (let n = 0; n < 7 * 470; n++) {
      const date = new Date(monday + n * 86_400_000);
      const thursday = new Date(date.getTime() + (3 - ((date.getUTCDay() + 6) % 7)) * 86_400_000);
      const weekYear = thursday.getUTCFullYear();
      const week = 1 + Math.floor((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / (7 * 86_400_000));
      const text = `${weekYear}-W${two(week)}-${((date.getUTCDay() + 6) % 7) + 1}`;
      expect([text, parse(text)]).toEqual([text, `${date.getTime() / 1000}.0 NaN`]);
    }
  });

  test.each([
    ['mar 5 mar 2024', '2024-03-05'],
    ['1er mars 2024', '2024-03-01'],
    ['15 août 2024', '2024-08-15'],
    ['15 AOUT 2024', '2024-08-15'],
    ['2024. május 12.', '2024-05-12'],
    ['10 października 2023', '2023-10-10'],
    ['5 de março de 2024', '2024-03-05'],
    ['7. Maerz 2024', '2024-03-07'],
  ])('%s', (text, day) => expect(parse(text)).toBe(`${Date.parse(day) / 1000}.0 NaN`));

  test.each([
    '5 Jan 10:00:00',
    '5/1/10:00:00',
    '5 Jui 2024',
    '10 lis 2023',
    '11 listopada 2023',
    'until 5 Jan 2024',
    '2024-01-05 10:00 IST',
    '2024-01-05 10:00 CST',
    '2024-01-05T10:00[Europe/Berlin]',
    '٢٠٢٤-٠١-٠٥',
  ])('%s is no time that could be read without guessing', (text) => expect(parse(text, 'day_first')).toBe('bad_time'));

  test('years of two digits prove little, because a date may begin with one', () => {
    expect(['31/12/23', '12/31/23', '13/12/23', '24/01/05', '24.01.05.', '05.01.24', '24-01-05'].map(evidence)).toEqual(
      ['day_first', 'month_first', ...Array(5).fill('ambiguous')],
    );
  });
});
