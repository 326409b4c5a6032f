import { tables } from '../lambdas/lake/contract.ts';
import { claimKey, type Run, runPrefix } from '../lambdas/lake/zones.ts';
import { catalogKey } from '../lambdas/platform/local/views.ts';
import type { ObjectStore } from '../lambdas/platform/object-store.ts';

/** Removes all that a run of this machine has left in the lake, partitions first unregistered. Never for published runs. */
export async function forgetRun(store: ObjectStore, run: Run): Promise<void> {
  for (const table of tables.filter(({ kind }) => kind === 'run')) {
    await store.remove(catalogKey(table, run));
    const keys: string[] = [];
    for await (const { key } of store.list(runPrefix(table, run))) keys.push(key);
    for (const key of keys) await store.remove(key);
  }
  await store.remove(claimKey(run));
}
