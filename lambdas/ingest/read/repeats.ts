import type { RawRecord } from '../records/raw-record.ts';

/** FNV-1a over the bytes of a record, in 32 bits. */
function fingerprint({ bytes, start, end, fields }: RawRecord): number {
  let hash = 0x811c9dc5;
  const to = end[fields - 1]!;
  for (let i = start[0]!; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

/**
 * Tells of each record whether the same one of its order was seen before: for layouts whose records carry a number of
 * their own, so that no two are alike.
 */
export function createRepeatFinder(): (record: RawRecord, order: number) => boolean {
  const seen = new Set<number>();
  return (record, order) => {
    const key = (order % 2 ** 21) * 2 ** 32 + fingerprint(record);
    const size = seen.size;
    return seen.add(key).size === size;
  };
}
