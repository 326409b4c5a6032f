import { z } from 'zod';
import { nightKey, type Run, stepResultKey } from '../../lake/zones.ts';
import {
  type GateVerdict,
  inputFor,
  type Night,
  needsOf,
  type StepInput,
  type StepName,
  type StepOutputs,
} from '../../pipeline.ts';
import type { Context } from '../context.ts';
import { LakeAccessError } from '../errors.ts';
import { readJson } from '../json-objects.ts';
import type { ObjectStore } from '../object-store.ts';
import { runStep, type Step } from '../run-step.ts';
import { openContext } from './runtime.ts';

/** What travels between the functions of a night: which attempt it is. Everything else lies in the lake. */
export const nightEvent = z.object({
  run: z.object({
    asOf: z.int(),
    runId: z.string().regex(/^[0-9a-f]{16}$/),
    attempt: z.int().min(1),
  }),
});

/** What a step before has left. @throws LakeAccessError where it is missing */
export async function kept<T>(store: ObjectStore, key: string): Promise<T> {
  const found = await readJson<T>(store, key);
  if (!found) throw new LakeAccessError(`${key} is missing`, 'Start the night again from its first step.');
  return found;
}

/** What a step of a claimed night is given: the night, and from the lake what the steps before it left. */
export async function inputOf<N extends StepName>(store: ObjectStore, name: N, run: Run): Promise<StepInput<N>> {
  const night = await kept<Night>(store, nightKey(run));
  const outputs = needsOf(name).map(async (step) => [step, await kept(store, stepResultKey(run, step))] as const);
  return inputFor(name, night, Object.fromEntries(await Promise.all(outputs)) as Partial<StepOutputs>);
}

/** Opens the lake for a step of a night. */
export const openStep = (run: Run, name: string): Context => openContext(`${run.runId}/${run.attempt}/${name}`);

/** Logs each gate that warned, for an alarm. @returns their names */
export function logWarned(gates: readonly GateVerdict[], { log }: Pick<Context, 'log'>): string[] {
  const warned = gates.filter(({ verdict }) => verdict === 'warned').map(({ gate }) => gate);
  for (const gate of warned) log('gate_warned', { gate });
  return warned;
}

/**
 * The entry of a function that does one step of a night. What it answers is what the state machine needs to know and
 * people want to see; the step's output lies in the lake.
 */
export const stepHandler =
  <N extends StepName>(
    name: N,
    step: Step<N>,
    answer: (output: StepOutputs[N], context: Context, run: Run) => object | Promise<object> = () => ({}),
  ) =>
  async (event: unknown): Promise<object> => {
    const { run } = nightEvent.parse(event);
    const context = openStep(run, name);
    return answer(await runStep(context, name, step, await inputOf(context.store, name, run)), context, run);
  };
