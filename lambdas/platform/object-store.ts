/** A stored object and the tag that names this version of it. */
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
}

/** When a write may go ahead: only where no object is yet, or only over the version that was read. */
export type WriteCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

/**
 * The lake's objects, by key. Keys are relative, use `/`, and are made by lake/zones.ts alone. A write is seen whole or
 * not at all.
 */
export interface ObjectStore {
  /** The object, or null where there is none. */
  read(key: string): Promise<StoredObject | null>;
  /** @throws PreconditionFailed when the condition does not hold; the object that is there stays. */
  write(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    condition?: WriteCondition,
  ): Promise<{ readonly etag: string; readonly bytes: number }>;
  /** Keys and sizes under a prefix, in order of key. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly bytes: number }>;
  /** Removes an object; no error where there is none. */
  remove(key: string): Promise<void>;
  /** Removes every object under a prefix that ends with `/`; no error where there is none. */
  removeAll(prefix: string): Promise<void>;
}
