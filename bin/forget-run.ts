import { claimKey, type Run } from '../lambdas/lake/zones.ts';
import { unpin } from '../lambdas/night/pins.ts';
import { removeRuns } from '../lambdas/night/remove-runs.ts';
import type { Context } from '../lambdas/platform/context.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Removes all that an attempt at a run of its own has left in the lake, its claim too. */
async function forgetRun(context: Context, run: Run): Promise<void> {
  await removeRuns(context, [run]);
  await context.store.remove(claimKey(run));
  await unpin(context, run.runId);
}

/**
 * Does work on an attempt at a run, and takes away all that it has left in the lake, however it ends. A first SIGINT or
 * SIGTERM stops it where it next tells how far it is, and ends the process when all is taken away; a second one ends it
 * at once. Never for published runs.
 */
export async function forgetting<T>(context: Context, run: Run, work: (context: Context) => Promise<T>): Promise<T> {
  let stoppedBy: NodeJS.Signals | null = null;
  const unhook = () => signals.forEach((signal) => void process.off(signal, stop));
  const stop = (signal: NodeJS.Signals) => {
    stoppedBy = signal;
    unhook();
  };
  const progress: Context['progress'] = (share, what) => {
    if (stoppedBy !== null) throw new Error(`stopped by ${stoppedBy}`);
    context.progress(share, what);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work({ ...context, progress });
  } finally {
    await forgetRun(context, run);
    unhook();
    if (stoppedBy !== null) process.kill(process.pid, stoppedBy);
  }
}
