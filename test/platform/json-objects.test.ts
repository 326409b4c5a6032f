import fc from 'fast-check';
import { expect, test } from 'vitest';
import { publishedRuns, runLedger } from '../../lambdas/lake/tables/runs.ts';
import { decodeJsonRows, encodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import { day } from '../support/lake.ts';

const night = {
  as_of: day('2024-06-30'),
  run_id: 'a',
  is_current: true,
  model_id: 'm',
  horizon_days: 90,
  trained_on: day('2024-06-01'),
};

test('a row is one line with its columns in order and days as YYYY-MM-DD', () => {
  const { trained_on, ...others } = night;
  expect(new TextDecoder().decode(encodeJsonRows(publishedRuns, [{ trained_on, ...others }]))).toBe(
    '{"as_of":"2024-06-30","run_id":"a","is_current":true,"model_id":"m","horizon_days":90,"trained_on":"2024-06-01"}\n',
  );
});

test('rows come back as they were, whatever text they hold', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          as_of: fc.integer({ min: day('1000-01-01'), max: day('9999-12-31') }),
          run_id: fc.string({ unit: 'grapheme' }),
          attempt: fc.nat(),
          step: fc.string({ unit: 'binary' }),
          entry: fc.constant('step'),
          verdict: fc.constant('done'),
          message: fc.option(fc.string({ unit: 'grapheme' })),
          rows: fc.option(fc.nat()),
          bytes_scanned: fc.constant(null),
          seconds: fc.option(fc.constantFrom(0, 0.125, 1e6)),
          cost: fc.option(fc.constantFrom(0, 0.000134, 2.5)),
          started_at: fc.constant('2026-01-01T00:00:00.000Z'),
        }),
      ),
      (rows) => {
        expect(decodeJsonRows(runLedger, encodeJsonRows(runLedger, rows))).toEqual(rows);
      },
    ),
  );
});
