import { tables } from '../lake/contract.ts';
import { runInputs } from '../lake/tables/curated.ts';
import { attemptsPrefix, nightsPrefix, publishedPrefix, type RunName, stepsPrefix } from '../lake/zones.ts';
import type { Context } from '../platform/context.ts';

/** The list of a run's inputs is its first table and goes last: as long as it is there, the run is found. */
const runTables = [...tables.filter((table) => table.kind === 'run' && table !== runInputs), runInputs];

/**
 * Removes all that runs have left in the lake but their claims, which number attempts: what their steps returned first,
 * so that a new attempt does not build on it, then partitions, then objects. Never for published runs. What died
 * half-way is completed by doing it again.
 */
export async function removeRuns({ store, engine }: Context, runs: readonly RunName[]): Promise<void> {
  for (const run of runs) {
    await store.removeAll(stepsPrefix(run));
    await store.removeAll(nightsPrefix(run));
  }
  for (const table of runTables) await engine.forget(table, runs);
  for (const run of runs) {
    await store.removeAll(publishedPrefix(run));
    for (const table of runTables) await store.removeAll(attemptsPrefix(table, run));
  }
}
