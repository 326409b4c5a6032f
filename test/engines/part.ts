/** What a part of the engine tests found. */
export interface Findings {
  /** What was looked at, with counts. */
  readonly looked: string;
  /** What was not as it should be; empty when all was. */
  readonly faults: readonly string[];
}

/** The files that two folders do not have alike, by their hashes. */
export const unlikeFiles = (expected: ReadonlyMap<string, string>, actual: ReadonlyMap<string, string>): string[] =>
  [...new Set([...expected.keys(), ...actual.keys()])].filter((path) => expected.get(path) !== actual.get(path)).sort();

/** Does some work and keeps what it writes to standard output, such as what functions log, from the screen. */
export async function unheard<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}
