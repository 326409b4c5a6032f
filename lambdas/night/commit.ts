import { isoDate } from '../lake/day.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { latestManifestKey, publishedPrefix, publishedRunsKey } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { erasuresState } from '../platform/erasures.ts';
import { exitCodes, LakeAccessError, PreconditionFailed, UsageError, WinbackError } from '../platform/errors.ts';
import { encodeJsonRows } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { notPublished, type PublishedRun, publishedNights } from './published.ts';
import { giveUp } from './removals.ts';

/** Somebody was erased while the night ran, which still knows them. */
export class ErasedMeanwhile extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

const manifestKeyOf = (night: PublishedRun): string =>
  `${publishedPrefix({ asOf: night.as_of, runId: night.run_id })}manifest.json`;

/** Replaces the latest manifest unless somebody else did meanwhile. @returns whether it is the given one now */
async function replaceLatest(store: ObjectStore, body: Uint8Array): Promise<boolean> {
  const latest = await store.read(latestManifestKey);
  if (latest && Buffer.from(latest.body).equals(body)) return true;
  try {
    await store.write(latestManifestKey, body, latest ? { ifMatch: latest.etag } : { ifAbsent: true });
    return true;
  } catch (error) {
    if (error instanceof PreconditionFailed) return false;
    throw error;
  }
}

/**
 * Copies the manifest of the current night to where marketing looks for it, and looks again: whoever published meanwhile
 * may have copied theirs before ours, and an erasure may have amended the manifest that was copied and removed files
 * that the copy names. Also mends what a crash between pointer and manifest left.
 */
async function moveLatestManifest(store: ObjectStore): Promise<void> {
  for (;;) {
    const { nights, etag } = await publishedNights(store);
    const current = nights.find((night) => night.is_current);
    if (!current) return;
    const manifest = await store.read(manifestKeyOf(current));
    if (!manifest) throw manifestMissing(current);
    const isReplaced = await replaceLatest(store, manifest.body);
    const isAmended = (await store.read(manifestKeyOf(current)))?.etag !== manifest.etag;
    if (isReplaced && !isAmended && (await publishedNights(store)).etag === etag) return;
  }
}

const manifestMissing = (night: PublishedRun) =>
  new LakeAccessError(`the manifest ${manifestKeyOf(night)} is missing`, 'Run the night of this date again.');

const currentOf = (nights: readonly PublishedRun[]): PublishedRun | undefined =>
  nights.find((night) => night.is_current);

/**
 * The one write that switches all tables: replaces the pointer, or loses to somebody who made another night current
 * first. Who only took old nights off the list meanwhile is no rival.
 * @param choose the night to make current, of those that are published
 * @throws PreconditionFailed when another night was made current meanwhile
 */
async function makeCurrent(store: ObjectStore, choose: (nights: readonly PublishedRun[]) => PublishedRun) {
  let { nights, etag } = await publishedNights(store);
  const before = currentOf(nights);
  for (;;) {
    const night = choose(nights);
    if (before?.as_of === night.as_of && before.run_id === night.run_id) return { night, before };
    if (!(await store.read(manifestKeyOf(night)))) throw manifestMissing(night);
    const next = [...nights.filter((other) => other.as_of !== night.as_of), night]
      .map((each) => ({ ...each, is_current: each.as_of === night.as_of }))
      .sort((a, b) => a.as_of - b.as_of);
    try {
      await store.write(
        publishedRunsKey,
        encodeJsonRows(publishedRuns, next),
        etag ? { ifMatch: etag } : { ifAbsent: true },
      );
      return { night, before };
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
      ({ nights, etag } = await publishedNights(store));
      if (currentOf(nights)?.run_id !== before?.run_id) throw error;
    }
  }
}

/** A night that still knows somebody who was erased gives itself up. */
async function checkErasures(store: ObjectStore, { run, erasures }: StepInput<'commit'>['night']): Promise<void> {
  if (erasures === (await erasuresState(store))) return;
  await giveUp(store, run);
  throw new ErasedMeanwhile(
    `somebody was erased while the night of ${isoDate(run.asOf)} ran, so it is not published`,
    'Run the night again: it removes what this run has written.',
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
  const night: PublishedRun = {
    as_of: run.asOf,
    run_id: run.runId,
    is_current: true,
    model_id: input.train.modelId,
    horizon_days: input.horizon.horizonDays,
    trained_on: input.train.trainedOn,
  };
  const isCurrent = currentOf((await publishedNights(context.store)).nights)?.run_id === run.runId;
  if (!isCurrent) await checkErasures(context.store, input.night);
  const { before } = await makeCurrent(context.store, () => night);
  await moveLatestManifest(context.store);
  return {
    published: before?.run_id !== run.runId || before.as_of !== run.asOf,
    replacedLater: before && before.as_of > run.asOf ? before.as_of : null,
  };
}

/**
 * Makes an earlier published night the current one again, tables and lists together.
 * @throws UsageError when no night of that date was published, or it is kept no longer
 */
export async function rollback(store: ObjectStore, asOf: number): Promise<PublishedRun> {
  const nightOf = (nights: readonly PublishedRun[]) => nights.find((published) => published.as_of === asOf);
  const { nights } = await publishedNights(store);
  const gone = nightOf(nights) ? null : await notPublished(store, nights, asOf);
  const { night } = await makeCurrent(store, (listed) => {
    const found = nightOf(listed);
    if (!found) throw gone ?? new UsageError(`the night of ${isoDate(asOf)} is gone`, 'It was removed just now.');
    return found;
  });
  await moveLatestManifest(store);
  return night;
}
