import { curate } from '../lambdas/curate/curate.ts';
import { features } from '../lambdas/features/features.ts';
import { horizon } from '../lambdas/horizon/horizon.ts';
import { measure } from '../lambdas/measure/measure.ts';
import { commit } from '../lambdas/night/commit.ts';
import { gates } from '../lambdas/night/gates.ts';
import { tidy } from '../lambdas/night/tidy.ts';
import { inputFor, type Night, type StepInput, type StepName, type StepOutputs, stages } from '../lambdas/pipeline.ts';
import type { Context } from '../lambdas/platform/context.ts';
import { runStep, type Step } from '../lambdas/platform/run-step.ts';
import { publish } from '../lambdas/publish/publish.ts';
import { report } from '../lambdas/report/report.ts';
import { retention } from '../lambdas/retention/retention.ts';
import { score } from '../lambdas/score/score.ts';
import { train } from '../lambdas/train/train.ts';

const steps: { readonly [N in StepName]: Step<N> } = {
  curate,
  gates,
  horizon,
  features,
  retention,
  train,
  score,
  publish,
  measure,
  report,
  commit,
  tidy,
};

/** Carries out one step of a night. */
type CarryOut = <N extends StepName>(
  context: Context,
  name: N,
  step: Step<N>,
  input: StepInput<N>,
) => Promise<StepOutputs[N]>;

/** Steps of one stage run side by side, and when one fails the others are waited for. */
async function runStages(
  context: Context,
  night: Night,
  within: readonly (readonly StepName[])[],
  carryOut: CarryOut,
): Promise<Partial<StepOutputs>> {
  const done: Partial<StepOutputs> = {};
  const stepCount = within.flat().length;
  let finished = 0;

  async function run<N extends StepName>(name: N): Promise<void> {
    const progress = (share: number, what: string) =>
      context.progress((finished + share) / stepCount, `${name}: ${what}`);
    context.progress(finished / stepCount, name);
    done[name] = await carryOut({ ...context, progress }, name, steps[name], inputFor(name, night, done));
    finished++;
  }

  for (const stage of within) {
    const ended = await Promise.allSettled(stage.map((name) => run(name)));
    for (const step of ended) if (step.status === 'rejected') throw step.reason;
  }
  return done;
}

/** Runs a claimed night through all its stages. */
export const runNight = async (context: Context, night: Night): Promise<StepOutputs> =>
  (await runStages(context, night, stages, runStep)) as StepOutputs;

/** What the steps of a night leave that is not published. */
export type Rehearsed = Omit<StepOutputs, 'commit' | 'tidy'>;

const rehearsedStages = stages.filter((stage) => !stage.some((name) => name === 'commit' || name === 'tidy'));

/** Computes a claimed night without publishing it, and without a trace in the ledger. */
export const rehearse = async (context: Context, night: Night): Promise<Rehearsed> =>
  (await runStages(context, night, rehearsedStages, (within, _, step, input) => step(within, input))) as Rehearsed;
