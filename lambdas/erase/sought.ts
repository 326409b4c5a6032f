/** Whom a sweep looks for: people who are erased, and people of whom it shows whether the lake holds them at all. */
export interface Sought {
  readonly keys: ReadonlySet<string>;
  /** Those of the keys that have been met so far. */
  readonly met: ReadonlySet<string>;
  /** Whether a key is one of theirs; remembers that it was met. */
  has(key: string): boolean;
  /** To be called before anything that was met is changed: whoever has been met by then is recorded as erased first. */
  recordMet(): Promise<void>;
}

/**
 * @param erased keys of people who are erased
 * @param unsure keys of each person who is erased only if the lake holds any of them
 * @param record records that a person is erased
 * @param metBefore keys that an earlier part of the sweep has met
 */
export function seek(
  erased: Iterable<string>,
  unsure: readonly (readonly string[])[] = [],
  record: (keys: readonly string[]) => Promise<void> = async () => undefined,
  metBefore: readonly string[] = [],
): Sought {
  const keys = new Set([...erased, ...unsure.flat()]);
  const met = new Set(metBefore);
  const left = new Set(unsure);
  return {
    keys,
    met,
    has(key) {
      const isSought = keys.has(key);
      if (isSought) met.add(key);
      return isSought;
    },
    async recordMet() {
      for (const person of left) {
        if (!person.some((key) => met.has(key))) continue;
        await record(person);
        left.delete(person);
      }
    },
  };
}
