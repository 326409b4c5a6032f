import type { RowOf } from '../lake/column.ts';
import { receipts } from '../lake/tables/ingested.ts';
import { tablePrefix } from '../lake/zones.ts';
import { decodeJsonRows } from './json-objects.ts';
import type { ObjectStore } from './object-store.ts';

export type Receipt = RowOf<typeof receipts.columns>;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The accepted ingests that count: of each file the one last asked for, in order of delivery. A parser upgrade or a
 * changed mapping makes another ingest of the same file; the older one then counts no more.
 */
export async function liveIngests(store: ObjectStore): Promise<Receipt[]> {
  const live = new Map<string, Receipt>();
  for await (const { key } of store.list(tablePrefix(receipts))) {
    const found = await store.read(key);
    for (const receipt of found ? decodeJsonRows(receipts, found.body) : []) {
      const other = live.get(receipt.file_sha256);
      const isNewer = !other || compare(receipt.ingested_at, other.ingested_at) > 0;
      if (receipt.verdict === 'accepted' && isNewer) live.set(receipt.file_sha256, receipt);
    }
  }
  return [...live.values()].sort(
    (a, b) => compare(a.delivered_at, b.delivered_at) || compare(a.file_sha256, b.file_sha256),
  );
}
