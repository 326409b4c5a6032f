/** Customers whose key begins with a prefix, and the snapshots that they give at most. */
export interface PrefixCount {
  readonly key_prefix: string;
  readonly customers: number;
  readonly snapshots: number;
}

export interface Sample {
  /** Customers are in the sample whose key prefix is less than this text. */
  readonly below: string;
  /** Share of the customers that are in it. */
  readonly ratePct: number;
}

/** Greater than every lower-case hexadecimal text. */
const afterAllKeys = 'g';

/** The sample that holds everybody. */
export const everybody: Sample = { below: afterAllKeys, ratePct: 100 };

/**
 * The customers to learn from, so that their snapshots are at most `maxSnapshots`. Keys are pseudonyms spread evenly
 * over their range, so a range of them is a random sample: a customer is in it on all dates or on none, and a sample for
 * fewer snapshots lies within one for more. It holds at least the customers of the first prefix.
 * @param counts in order of prefix
 */
export function chooseSample(counts: readonly PrefixCount[], maxSnapshots: number): Sample {
  let snapshots = 0;
  let end = 0;
  while (end < counts.length && (end === 0 || snapshots + counts[end]!.snapshots <= maxSnapshots)) {
    snapshots += counts[end]!.snapshots;
    end++;
  }
  if (end === counts.length) return everybody;
  const customers = (among: readonly PrefixCount[]) => among.reduce((sum, count) => sum + count.customers, 0);
  return {
    below: counts[end]!.key_prefix,
    ratePct: Math.round((10_000 * customers(counts.slice(0, end))) / customers(counts)) / 100,
  };
}
