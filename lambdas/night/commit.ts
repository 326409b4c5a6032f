import { isoDate } from '../lake/day.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { latestManifestKey, publishedPrefix, publishedRunsKey } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { LakeAccessError, UsageError } from '../platform/errors.ts';
import { encodeJsonRows } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { type PublishedRun, publishedNights } from './published.ts';

/**
 * The one write that switches all tables: replaces the pointer, or loses to somebody who replaced it first. The
 * manifest of the lists is moved last.
 */
async function makeCurrent(store: ObjectStore, nights: readonly PublishedRun[], asOf: number, etag: string | null) {
  const next = nights
    .map((night) => ({ ...night, is_current: night.as_of === asOf }))
    .sort((a, b) => a.as_of - b.as_of);
  const current = next.find((night) => night.is_current);
  const manifestKey = current && `${publishedPrefix({ asOf: current.as_of, runId: current.run_id })}manifest.json`;
  const manifest = manifestKey ? await store.read(manifestKey) : null;
  if (!manifest) {
    throw new LakeAccessError(`the manifest ${manifestKey} is missing`, 'Run the night of this date again.');
  }
  await store.write(
    publishedRunsKey,
    encodeJsonRows(publishedRuns, next),
    etag ? { ifMatch: etag } : { ifAbsent: true },
  );
  await store.write(latestManifestKey, manifest.body);
}

/**
 * Makes a finished night the one that readers see.
 * @returns `published: false` when it is that already
 * @throws PreconditionFailed when another night was published meanwhile; that one stands
 */
export async function commit(context: Context, input: StepInput<'commit'>): Promise<StepOutputs['commit']> {
  const { run } = input.night;
  const { nights, etag } = await publishedNights(context.store);
  const known = nights.find((night) => night.as_of === run.asOf);
  if (known?.run_id === run.runId && known.is_current) return { published: false };
  const night: PublishedRun = {
    as_of: run.asOf,
    run_id: run.runId,
    is_current: true,
    model_id: input.train.modelId,
    horizon_days: input.horizon.horizonDays,
    trained_on: input.train.trainedOn,
  };
  await makeCurrent(context.store, [...nights.filter((other) => other.as_of !== run.asOf), night], run.asOf, etag);
  return { published: true };
}

/**
 * Makes an earlier published night the current one again, tables and lists together.
 * @throws UsageError when no night of that date was published
 */
export async function rollback(store: ObjectStore, asOf: number): Promise<PublishedRun> {
  const { nights, etag } = await publishedNights(store);
  const night = nights.find((published) => published.as_of === asOf);
  if (!night) {
    const dates = nights.map((published) => isoDate(published.as_of)).join(', ') || 'none';
    throw new UsageError(`no night of ${isoDate(asOf)} was published`, `Published nights: ${dates}.`);
  }
  if (!night.is_current) await makeCurrent(store, nights, asOf, etag);
  return night;
}
