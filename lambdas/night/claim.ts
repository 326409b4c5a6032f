import { createHash } from 'node:crypto';
import { isoDate } from '../lake/day.ts';
import { runInputs } from '../lake/tables/curated.ts';
import { claimKey, type Run, type RunName, runPrefix } from '../lake/zones.ts';
import type { MaturedNight, Night, PreviousNight } from '../pipeline.ts';
import { codeVersion } from '../platform/code-version.ts';
import type { Config } from '../platform/config/config.ts';
import type { Context } from '../platform/context.ts';
import { erasuresState } from '../platform/erasures.ts';
import { ConfigError, LakeAccessError, NothingToDo, PreconditionFailed } from '../platform/errors.ts';
import { encodeJsonRows, writeJson } from '../platform/json-objects.ts';
import { liveIngests, type Receipt } from '../platform/live-ingests.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { beginWork } from '../platform/run-ledger.ts';
import { maturedNights, nightsBefore, previousNight } from './history.ts';
import { pin } from './pins.ts';
import { publishedNights } from './published.ts';
import { removalOf } from './removals.ts';

/** What a night is computed for: a backtest and a replay are never published. */
type Purpose = 'publish' | 'backtest' | 'replay';

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

interface BuiltOn {
  readonly previous: PreviousNight | null;
  readonly matured: readonly MaturedNight[];
}

/** Earlier published nights that a night of a date builds on; a backtest builds on none. */
async function builtOn(store: ObjectStore, asOf: number, purpose: Purpose): Promise<BuiltOn> {
  const { nights } = await publishedNights(store);
  const before = purpose === 'backtest' ? [] : nightsBefore(nights, asOf);
  return { previous: previousNight(before), matured: maturedNights(before, asOf) };
}

const runIdsOf = ({ previous, matured }: BuiltOn): string[] =>
  [previous, ...matured].flatMap((night) => (night ? [night.runId] : []));

/**
 * Pins a run and what it builds on, so that none of it is removed as long as it may run.
 * @returns false when one of the nights has been taken off the list meanwhile: look again
 * @throws LakeAccessError when what an earlier attempt at the run left is just being removed
 */
async function tryPin(context: Context, run: RunName, on: BuiltOn, purpose: Purpose): Promise<boolean> {
  const { store } = context;
  await pin(context, run.runId, runIdsOf(on));
  const removal = await removalOf(store, run);
  if (removal && !removal.is_done) {
    throw new LakeAccessError(
      `what earlier attempts at run ${run.runId} of ${isoDate(run.asOf)} left is being removed`,
      'Run it again in some minutes; if that does not help, run a newer night first: it completes the removal.',
    );
  }
  return JSON.stringify(await builtOn(store, run.asOf, purpose)) === JSON.stringify(on);
}

/** What a claim says of its run. */
export interface Claimed {
  readonly as_of: string;
  readonly run_id: string;
  /** Names all erasures until then; all attempts at a run know the same. */
  readonly erasures: string;
}

/** Numbers this attempt by an object that only one of several racing attempts can write. */
async function claimAttempt(context: Context, asOf: number, runId: string, erasures: string): Promise<Run> {
  const told: Claimed = { as_of: isoDate(asOf), run_id: runId, erasures };
  for (let attempt = 1; ; attempt++) {
    const run = { asOf, runId, attempt };
    const claimed = await writeJson(context.store, claimKey(run), told, { ifAbsent: true })
      .then(() => true)
      .catch((error) => {
        if (error instanceof PreconditionFailed) return false;
        throw error;
      });
    if (claimed) return run;
  }
}

/** What a night knows of the shop when it is claimed. */
interface Told {
  readonly inputs: readonly Receipt[];
  /** Names all erasures so far. */
  readonly erasures: string;
}

/** What a run computes is determined by this; how long it is kept and what it costs is not. */
function runIdOf(config: Config, asOf: number, told: Told, on: BuiltOn, purpose: Purpose): string {
  const { night: _, prices: __, ...computing } = config;
  const identity = {
    as_of: isoDate(asOf),
    inputs: told.inputs.map((input) => input.ingest_id),
    erasures: told.erasures,
    config: computing,
    code: codeVersion(),
    previous: on.previous?.runId ?? null,
    matured: on.matured.map((night) => night.runId),
    ...(purpose !== 'publish' && { purpose }),
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

/**
 * Claims a night: settles its date, freezes the ingests that it reads and names the run after all that determines its
 * results. Exports that arrive later change nothing in it.
 * @param asOf the date asked for; null for the newest order date, at most the last complete day
 * @param purpose a backtest builds on no earlier night; it and a replay get a run of their own, and no line in the ledger
 * @throws NothingToDo when the lake holds no orders on or before the date
 */
export async function claim(context: Context, asOf: number | null, purpose: Purpose = 'publish'): Promise<Night> {
  const { store, engine, config } = context;
  const leave = beginWork(context);
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
  const erasures = await erasuresState(store);
  const told = { inputs, erasures };
  let on = await builtOn(store, date, purpose);
  let runId = runIdOf(config, date, told, on, purpose);
  while (!(await tryPin(context, { asOf: date, runId }, on, purpose))) {
    on = await builtOn(store, date, purpose);
    runId = runIdOf(config, date, told, on, purpose);
  }
  const run = await claimAttempt(context, date, runId, erasures);
  const rows = inputs.map(({ ingest_id, file_name, file_sha256, source }, index) => ({
    ingest_id,
    input_rank: index + 1,
    file_name,
    file_sha256,
    source,
  }));
  await store.write(`${runPrefix(runInputs, run)}inputs.json`, encodeJsonRows(runInputs, rows));
  await engine.register(runInputs, run);
  if (purpose === 'publish') await leave({ run, step: 'claim' }, { verdict: 'done', message: null, rows: rows.length });
  return { run, ...on, inputs: inputs.length, erasures, firstOrderDate: first, lastOrderDate: last, currency };
}
