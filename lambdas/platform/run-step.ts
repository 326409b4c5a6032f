import { isoDate } from '../lake/day.ts';
import { stepResultKey } from '../lake/zones.ts';
import type { GateVerdict, StepInput, StepName, StepOutputs } from '../pipeline.ts';
import type { Context } from './context.ts';
import { readJson, writeJson } from './json-objects.ts';
import { accounted } from './run-ledger.ts';

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
  const which = { step: name, as_of: isoDate(night.run.asOf), run_id: night.run.runId, attempt: night.run.attempt };
  context.log('step_started', which);
  try {
    const output = await accounted(
      context,
      { run: night.run, step: name },
      () => step(context, input),
      (done) => ({ rows: rowsOf[name](done), gates: verdictsOf(done) }),
    );
    if (isKept(name)) await writeJson(context.store, key, output);
    context.log('step_done', { ...which, rows: rowsOf[name](output) });
    return output;
  } catch (error) {
    context.log('step_failed', { ...which, error: error instanceof Error ? error.name : 'unknown' });
    throw error;
  }
}
