import { createHash } from 'node:crypto';
import { isoDate } from '../lake/day.ts';
import { runInputs } from '../lake/tables/curated.ts';
import { claimKey, type Run, runPrefix } from '../lake/zones.ts';
import type { MaturedNight, Night, PreviousNight } from '../pipeline.ts';
import { codeVersion } from '../platform/code-version.ts';
import type { Context } from '../platform/context.ts';
import { erasuresState } from '../platform/erasures.ts';
import { ConfigError, NothingToDo, PreconditionFailed } from '../platform/errors.ts';
import { encodeJsonRows, writeJson } from '../platform/json-objects.ts';
import { liveIngests, type Receipt } from '../platform/live-ingests.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { type PublishedRun, publishedNights } from './published.ts';

/** The last complete day in a time zone: yesterday, there. */
export function lastCompleteDay(now: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return Date.parse(`${parts.format(now)}T00:00:00Z`) / 86_400_000 - 1;
}

function reportingCurrency(inputs: readonly Receipt[], configured: string | undefined): string {
  if (configured) return configured;
  const seen = new Set(inputs.flatMap((receipt) => Object.keys(JSON.parse(receipt.totals) as object)));
  const [only] = seen;
  if (only && seen.size === 1) return only;
  throw new ConfigError(
    `the exports hold amounts in ${[...seen].sort().join(', ')} and no reporting currency is set`,
    'Set shop.currency to the one to report in, and rates for the others.',
  );
}

/** Published nights that a night of this date builds on, oldest first. */
async function nightsBefore(store: ObjectStore, asOf: number): Promise<readonly PublishedRun[]> {
  const { nights } = await publishedNights(store);
  const current = nights.find((night) => night.is_current);
  return nights.filter((night) => night.as_of < asOf && night.as_of <= (current?.as_of ?? asOf));
}

const previousNight = (before: readonly PublishedRun[]): PreviousNight | null => {
  const last = before.at(-1);
  return last
    ? {
        asOf: last.as_of,
        runId: last.run_id,
        modelId: last.model_id,
        horizonDays: last.horizon_days,
        trainedOn: last.trained_on,
      }
    : null;
};

/** A year of matured nights stays in view: the newest, and before it one in four weeks. */
const maturedApartDays = 28;
const mostMatured = 13;

function maturedNights(before: readonly PublishedRun[], asOf: number): MaturedNight[] {
  const chosen: MaturedNight[] = [];
  for (const { as_of, run_id, model_id, horizon_days } of before.toReversed()) {
    const newer = chosen.at(-1);
    if (as_of + horizon_days > asOf || (newer && newer.asOf - as_of < maturedApartDays)) continue;
    chosen.push({ asOf: as_of, runId: run_id, modelId: model_id, horizonDays: horizon_days });
  }
  return chosen.slice(0, mostMatured);
}

/** Numbers this attempt by an object that only one of several racing attempts can write. */
async function claimAttempt(context: Context, asOf: number, runId: string): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    const run = { asOf, runId, attempt };
    const claimed = await writeJson(
      context.store,
      claimKey(run),
      { as_of: isoDate(asOf), run_id: runId },
      { ifAbsent: true },
    )
      .then(() => true)
      .catch((error) => {
        if (error instanceof PreconditionFailed) return false;
        throw error;
      });
    if (claimed) return run;
  }
}

/**
 * Claims a night: settles its date, freezes the ingests that it reads and names the run after all that determines its
 * results. Exports that arrive later change nothing in it.
 * @param asOf the date asked for; null for the newest order date, at most the last complete day
 * @param purpose a backtest builds on no earlier night and gets a run of its own
 * @throws NothingToDo when the lake holds no orders on or before the date
 */
export async function claim(
  context: Context,
  asOf: number | null,
  purpose: 'publish' | 'backtest' = 'publish',
): Promise<Night> {
  const { store, engine, config } = context;
  const inputs = await liveIngests(store);
  const days = inputs.flatMap((r) => [r.first_order_date, r.last_order_date].filter((day) => day !== null));
  const first = Math.min(...days);
  const last = Math.max(...days);
  const date = asOf ?? Math.min(last, lastCompleteDay(context.clock(), config.shop.time_zone));
  if (days.length === 0) throw new NothingToDo('the lake holds no orders', 'Give exports with --orders FILE…');
  if (date < first) {
    throw new NothingToDo(
      `no order is dated on or before ${isoDate(date)}; the oldest is of ${isoDate(first)}`,
      'Ask for a later --as-of.',
    );
  }
  const currency = reportingCurrency(inputs, config.shop.currency);
  const before = purpose === 'backtest' ? [] : await nightsBefore(store, date);
  const previous = previousNight(before);
  const matured = maturedNights(before, date);
  const erasures = await erasuresState(store);
  const identity = {
    as_of: isoDate(date),
    inputs: inputs.map((input) => input.ingest_id),
    erasures,
    config,
    code: codeVersion(),
    previous: previous?.runId ?? null,
    matured: matured.map((night) => night.runId),
    ...(purpose === 'backtest' && { purpose }),
  };
  const runId = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
  const run = await claimAttempt(context, date, runId);
  const rows = inputs.map(({ ingest_id, file_name, file_sha256, source }, index) => ({
    ingest_id,
    input_rank: index + 1,
    file_name,
    file_sha256,
    source,
  }));
  await store.write(`${runPrefix(runInputs, run)}inputs.json`, encodeJsonRows(runInputs, rows));
  await engine.register(runInputs, run);
  return {
    run,
    previous,
    matured,
    inputs: inputs.length,
    erasures,
    firstOrderDate: first,
    lastOrderDate: last,
    currency,
  };
}
