import { isoDate } from '../lake/day.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { latestManifestKey, publishedPrefix, publishedRunsKey } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { erasuresState } from '../platform/erasures.ts';
import { exitCodes, LakeAccessError, UsageError, WinbackError } from '../platform/errors.ts';
import { encodeJsonRows } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { type PublishedRun, publishedNights } from './published.ts';

/** Somebody was erased while the night ran, which still knows them. */
export class ErasedMeanwhile extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

const manifestKeyOf = (night: PublishedRun): string =>
  `${publishedPrefix({ asOf: night.as_of, runId: night.run_id })}manifest.json`;

/**
 * Copies the manifest of the current night to where marketing looks for it, and looks again: whoever published meanwhile
 * may have copied theirs before ours. Also mends what a crash between pointer and manifest left.
 */
async function moveLatestManifest(store: ObjectStore): Promise<void> {
  for (;;) {
    const { nights, etag } = await publishedNights(store);
    const current = nights.find((night) => night.is_current);
    if (!current) return;
    const manifest = await store.read(manifestKeyOf(current));
    if (!manifest) throw manifestMissing(current);
    const latest = await store.read(latestManifestKey);
    if (latest?.etag !== manifest.etag) await store.write(latestManifestKey, manifest.body);
    if ((await publishedNights(store)).etag === etag) return;
  }
}

const manifestMissing = (night: PublishedRun) =>
  new LakeAccessError(`the manifest ${manifestKeyOf(night)} is missing`, 'Run the night of this date again.');

/** The one write that switches all tables: replaces the pointer, or loses to somebody who replaced it first. */
async function makeCurrent(
  store: ObjectStore,
  nights: readonly PublishedRun[],
  night: PublishedRun,
  etag: string | null,
) {
  if (!(await store.read(manifestKeyOf(night)))) throw manifestMissing(night);
  const next = [...nights.filter((other) => other.as_of !== night.as_of), night]
    .map((each) => ({ ...each, is_current: each.as_of === night.as_of }))
    .sort((a, b) => a.as_of - b.as_of);
  const body = encodeJsonRows(publishedRuns, next);
  await store.write(publishedRunsKey, body, etag ? { ifMatch: etag } : { ifAbsent: true });
}

async function checkErasures(store: ObjectStore, { run, erasures }: StepInput<'commit'>['night']): Promise<void> {
  if (erasures === (await erasuresState(store))) return;
  throw new ErasedMeanwhile(
    `somebody was erased while the night of ${isoDate(run.asOf)} ran, so it is not published`,
    'Run the night again, and the erasure once more for what this run had written by then.',
  );
}

/**
 * Makes a finished night the one that readers see.
 * @returns `published: false` when it is that already
 * @throws ErasedMeanwhile when somebody was erased since the night was claimed
 * @throws PreconditionFailed when another night was published meanwhile; that one stands
 */
export async function commit(context: Context, input: StepInput<'commit'>): Promise<StepOutputs['commit']> {
  const { run } = input.night;
  const { nights, etag } = await publishedNights(context.store);
  const known = nights.find((night) => night.as_of === run.asOf);
  const isPublished = known?.run_id === run.runId && known.is_current;
  const night: PublishedRun = {
    as_of: run.asOf,
    run_id: run.runId,
    is_current: true,
    model_id: input.train.modelId,
    horizon_days: input.horizon.horizonDays,
    trained_on: input.train.trainedOn,
  };
  if (!isPublished) {
    await checkErasures(context.store, input.night);
    await makeCurrent(context.store, nights, night, etag);
  }
  await moveLatestManifest(context.store);
  const before = nights.find((other) => other.is_current);
  return { published: !isPublished, replacedLater: before && before.as_of > run.asOf ? before.as_of : null };
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
  if (!night.is_current) await makeCurrent(store, nights, night, etag);
  await moveLatestManifest(store);
  return night;
}
