import type { RowOf } from '../lake/column.ts';
import { publishedRuns } from '../lake/tables/runs.ts';
import { publishedRunsKey } from '../lake/zones.ts';
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
