import { isoDate } from '../lake/day.ts';
import { runLedger } from '../lake/tables/runs.ts';
import { ledgerKey, stepResultKey } from '../lake/zones.ts';
import type { GateVerdict, Night, StepInput, StepName, StepOutputs } from '../pipeline.ts';
import type { Context } from './context.ts';
import { stepCost } from './cost.ts';
import { GateFailed } from './errors.ts';
import { encodeJsonRows, readJson, writeJson } from './json-objects.ts';
import type { Scanned } from './query-engine.ts';

export type Step<N extends StepName> = (context: Context, input: StepInput<N>) => Promise<StepOutputs[N]>;

/** Publishing and tidying move a pointer and must look at it each time; every other step is done once per run. */
const isKept = (step: StepName): boolean => step !== 'commit' && step !== 'tidy';

/** Rows of the table that a step is there for; null for steps that write none or a single one. */
const rowsOf: { readonly [N in StepName]: (output: StepOutputs[N]) => number | null } = {
  curate: (output) => output.orders,
  gates: () => null,
  horizon: () => null,
  features: (output) => output.buyers,
  retention: (output) => output.periods,
  train: () => null,
  score: (output) => output.scored,
  publish: (output) => output.lists.reduce((sum, list) => sum + list.rows, 0),
  measure: (output) => output.judged,
  report: () => null,
  commit: () => null,
  tidy: () => null,
};

const verdictsOf = (output: object): readonly GateVerdict[] =>
  'gates' in output && Array.isArray(output.gates) ? (output.gates as GateVerdict[]) : [];

async function writeLedger(
  context: Context,
  night: Night,
  step: StepName,
  startedAt: Date,
  outcome: {
    verdict: 'done' | 'failed';
    message: string | null;
    rows: number | null;
    scanned: Scanned | null;
    gates: readonly GateVerdict[];
  },
): Promise<void> {
  const common = {
    as_of: night.run.asOf,
    run_id: night.run.runId,
    attempt: night.run.attempt,
    step,
    started_at: startedAt.toISOString(),
  };
  const seconds = (context.clock().getTime() - startedAt.getTime()) / 1000;
  const usage = {
    billedBytes: outcome.scanned?.billedBytes ?? null,
    seconds,
    memoryMb: context.memoryMb ?? null,
  };
  const entries = [
    {
      ...common,
      entry: 'step',
      verdict: outcome.verdict,
      message: outcome.message,
      rows: outcome.rows,
      bytes_scanned: outcome.scanned?.bytes ?? null,
      seconds,
      cost: stepCost(context.config.prices, usage),
    },
    ...outcome.gates.map((gate) => ({
      ...common,
      ...gate,
      entry: `gate:${gate.gate}`,
      rows: null,
      bytes_scanned: null,
      seconds: null,
      cost: null,
    })),
  ];
  await context.store.write(ledgerKey(night.run, step), encodeJsonRows(runLedger, entries));
}

/**
 * Runs one step of a night, or hands back what an earlier attempt at the same run left: a night that died half-way is
 * taken up where it stopped. Every attempt leaves its line in the run ledger.
 */
export async function runStep<N extends StepName>(
  context: Context,
  name: N,
  step: Step<N>,
  input: StepInput<N>,
): Promise<StepOutputs[N]> {
  const { night } = input;
  const key = stepResultKey(night.run, name);
  const kept = isKept(name) ? await readJson<StepOutputs[N]>(context.store, key) : null;
  if (kept) return kept;
  const startedAt = context.clock();
  const before = context.engine.scanned?.();
  const scanned = (): Scanned | null => {
    const after = context.engine.scanned?.();
    if (!before || !after) return null;
    return { bytes: after.bytes - before.bytes, billedBytes: after.billedBytes - before.billedBytes };
  };
  const which = { step: name, as_of: isoDate(night.run.asOf), run_id: night.run.runId, attempt: night.run.attempt };
  context.log('step_started', which);
  try {
    const output = await step(context, input);
    const rows = rowsOf[name](output);
    await writeLedger(context, night, name, startedAt, {
      verdict: 'done',
      message: null,
      rows,
      scanned: scanned(),
      gates: verdictsOf(output),
    });
    if (isKept(name)) await writeJson(context.store, key, output);
    context.log('step_done', { ...which, rows });
    return output;
  } catch (error) {
    const gates = error instanceof GateFailed ? error.verdicts : [];
    const message = error instanceof Error ? error.message : String(error);
    context.log('step_failed', { ...which, error: error instanceof Error ? error.name : 'unknown' });
    await writeLedger(context, night, name, startedAt, {
      verdict: 'failed',
      message,
      rows: null,
      scanned: scanned(),
      gates,
    });
    throw error;
  }
}
