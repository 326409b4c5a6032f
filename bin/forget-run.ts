import { claimKey, type Run } from '../lambdas/lake/zones.ts';
import { unpin } from '../lambdas/night/pins.ts';
import { removeRuns } from '../lambdas/night/remove-runs.ts';
import type { Context } from '../lambdas/platform/context.ts';

/** Removes all that an attempt at a run of its own has left in the lake, its claim too. Never for published runs. */
export async function forgetRun(context: Context, run: Run): Promise<void> {
  await removeRuns(context, [run]);
  await context.store.remove(claimKey(run));
  await unpin(context, run.runId);
}
