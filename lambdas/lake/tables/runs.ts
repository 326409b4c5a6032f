import { date, flag, integer, optionalCount, optionalReal, optionalText, text } from '../column.ts';
import { defineTable } from '../table.ts';

export const publishedRuns = defineTable({
  name: 'published_runs',
  kind: 'pointer',
  format: 'json',
  grain: 'One published night; readers see the current one.',
  key: ['as_of'],
  columns: {
    as_of: date('Last complete day of the night.'),
    run_id: text('Hash of as_of, pinned inputs, configuration and code version.'),
    is_current: flag('The night that the views show.'),
    model_id: text('The model in force after it.'),
    horizon_days: integer('H in force.', 'days'),
    trained_on: date('Day as of which that model was trained.'),
  },
});

export const runLedger = defineTable({
  name: 'run_ledger',
  kind: 'append',
  format: 'json',
  grain: 'One step of one attempt of one run, or one part or gate of it.',
  key: ['as_of', 'run_id', 'attempt', 'step', 'entry'],
  columns: {
    as_of: date('The night.'),
    run_id: text('The run.'),
    attempt: integer('Attempt at the run, from 1.'),
    step: text('The step; claim for the claim of the run.'),
    entry: text('step, part:<number> where parts are calls of their own, or gate:<name>.'),
    verdict: text('done, passed, warned or failed.'),
    message: optionalText('What a gate found, as a sentence.'),
    rows: optionalCount('Rows that the step wrote.', 'rows'),
    bytes_scanned: optionalCount('Bytes that its queries read.', 'bytes'),
    seconds: optionalReal('How long it took.', 'seconds'),
    cost: optionalReal(
      'What its statements and the time of its function cost at the prices of the settings; null on one machine.',
      'USD',
    ),
    started_at: text('When it began, ISO 8601 UTC.'),
  },
});
