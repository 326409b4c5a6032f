import { curate } from '../lambdas/curate/curate.ts';
import { features } from '../lambdas/features/features.ts';
import { horizon } from '../lambdas/horizon/horizon.ts';
import { measure } from '../lambdas/measure/measure.ts';
import { commit } from '../lambdas/night/commit.ts';
import { gates } from '../lambdas/night/gates.ts';
import { tidy } from '../lambdas/night/tidy.ts';
import { inputFor, type Night, type StepName, type StepOutputs, stages } from '../lambdas/pipeline.ts';
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

const stepCount = stages.flat().length;

/**
 * Runs a claimed night through all its stages; steps of one stage run side by side, and when one fails the others are
 * waited for.
 */
export async function runNight(context: Context, night: Night): Promise<StepOutputs> {
  const done: Partial<StepOutputs> = {};
  let finished = 0;

  async function run<N extends StepName>(name: N): Promise<void> {
    const within = (share: number, what: string) =>
      context.progress((finished + share) / stepCount, `${name}: ${what}`);
    context.progress(finished / stepCount, name);
    done[name] = await runStep({ ...context, progress: within }, name, steps[name], inputFor(name, night, done));
    finished++;
  }

  for (const stage of stages) {
    const ended = await Promise.allSettled(stage.map((name) => run(name)));
    for (const step of ended) if (step.status === 'rejected') throw step.reason;
  }
  return done as StepOutputs;
}
