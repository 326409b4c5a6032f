import { expect, test } from 'vitest';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';

const complaint = (settings: unknown): string => {
  try {
    parseConfig(settings, 'winback.json');
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
};

test.each<[unknown, string]>([
  [{ ingest: { delimiter: 'x' } }, 'ingest.delimiter: must be one of ",", ";", "\\t" or "|", not "x"'],
  [{ ingest: { delimiter: 5 } }, 'ingest.delimiter: must be one of ",", ";", "\\t" or "|", not 5'],
  [{ ingest: { header: 'no' } }, 'ingest.header: must be true or false, not "no"'],
  [
    { ingest: { columns: { total: true } } },
    'ingest.columns.total: must be a header in quotation marks or a position from 1, not true',
  ],
  [
    { ingest: { columns: { order_id: { made_from: [], repeats: 'both' } } } },
    'ingest.columns.order_id.made_from: must not be empty; ingest.columns.order_id.repeats: must be one of "number" or "lines", not "both"',
  ],
  [{ ingest: { max_rejected_pct: 101 } }, 'ingest.max_rejected_pct: must be at most 100, not 101'],
  [
    { ingest: { exported_at: 'May' } },
    'ingest.exported_at: must be a time with offset such as "2026-08-31T22:00:00Z", not "May"',
  ],
  [{ ingest: { statuses: { '': 'failed' } } }, 'ingest.statuses.: must have a name that is not empty'],
  [{ ingest: { files: [{ header: true }] } }, 'ingest.files.0.match: is missing'],
  [{ ingest: { files: [{ match: 'a', heder: true }] } }, 'ingest.files.0.heder is not a setting'],
  [{ model: { trees: 1.5 } }, 'model.trees: must be a whole number, not 1.5'],
  [{ horizon: { days: 3 } }, 'horizon.days: must be at least 7, not 3'],
  [{ shop: { currency: 'euro' } }, 'shop.currency: must be an ISO 4217 code such as EUR, not "euro"'],
  [{ shop: [] }, 'shop: must be an object in { }, not a list'],
  [null, 'the file: must be an object in { }, not null'],
])('%j is answered with a sentence', (settings, sentence) => {
  expect(complaint(settings)).toBe(`winback.json: ${sentence}`);
});
