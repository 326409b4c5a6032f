import { isoDate, parseIsoDate } from '../lake/day.ts';
import { pinKey, pinsPrefix } from '../lake/zones.ts';
import type { Context } from '../platform/context.ts';
import { readJson, writeJson } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';

/** Longer than a failed execution can be taken up again where it stopped: 14 days (Step Functions, redrive). */
const pinnedDays = 15;

const today = (clock: () => Date): number => Math.floor(clock().getTime() / 86_400_000);

/** Says that a run begins, and which published runs it builds on: for some days none of them is removed. */
export async function pin({ store, clock }: Context, runId: string, buildsOn: readonly string[]): Promise<void> {
  await writeJson(store, pinKey(isoDate(today(clock)), runId), { run_ids: [runId, ...buildsOn] });
}

interface Pin {
  readonly key: string;
  /** Days since 1970-01-01. */
  readonly on: number;
}

async function pins(store: ObjectStore): Promise<Pin[]> {
  const found: Pin[] = [];
  for await (const { key } of store.list(pinsPrefix)) {
    found.push({ key, on: parseIsoDate(key.slice(pinsPrefix.length, pinsPrefix.length + 10)) ?? 0 });
  }
  return found;
}

/** Runs that somebody has lately begun, or that such a run builds on. */
export async function pinnedRuns({ store, clock }: Context): Promise<ReadonlySet<string>> {
  const pinned = new Set<string>();
  for (const { key, on } of await pins(store)) {
    if (on < today(clock) - pinnedDays) continue;
    const told = await readJson<{ run_ids: readonly string[] }>(store, key);
    for (const runId of told?.run_ids ?? []) pinned.add(runId);
  }
  return pinned;
}

/** Takes away pins that hold nothing any more, and those of a run that is over. */
export async function unpin({ store, clock }: Context, runId: string | null): Promise<void> {
  for (const { key, on } of await pins(store)) {
    if (on < today(clock) - pinnedDays || key.endsWith(`/${runId}.json`)) await store.remove(key);
  }
}
