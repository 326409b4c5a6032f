import type { RowOf } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { publishedRunsKey, removalsPrefix } from '../lake/zones.ts';
import { UsageError } from '../platform/errors.ts';
import { decodeJsonRows } from '../platform/json-objects.ts';
import type { ObjectStore } from '../platform/object-store.ts';

export type PublishedRun = RowOf<typeof publishedRuns.columns>;

/** Every published night, oldest first, with the tag that a replacement must match; no tag before the first. */
export async function publishedNights(
  store: ObjectStore,
): Promise<{ readonly nights: readonly PublishedRun[]; readonly etag: string | null }> {
  const found = await store.read(publishedRunsKey);
  return found ? { nights: decodeJsonRows(publishedRuns, found.body), etag: found.etag } : { nights: [], etag: null };
}

/** Why there is no published night of a date, as an error. */
export async function notPublished(
  store: ObjectStore,
  nights: readonly PublishedRun[],
  asOf: number,
): Promise<UsageError> {
  const dates = nights.map((published) => isoDate(published.as_of)).join(', ') || 'none';
  const next = `Published nights: ${dates}.`;
  for await (const _ of store.list(removalsPrefix(asOf))) {
    return new UsageError(`the night of ${isoDate(asOf)} is gone: nights are kept for night.keep_days`, next);
  }
  return new UsageError(`no night of ${isoDate(asOf)} was published`, next);
}
