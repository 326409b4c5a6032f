import type { Config } from './config/config.ts';
import type { IdentityKeys } from './identity-keys.ts';
import type { Log } from './log.ts';
import type { ObjectStore } from './object-store.ts';
import type { QueryEngine } from './query-engine.ts';

/** Everything outside a step that it may touch. */
export interface Context {
  readonly store: ObjectStore;
  readonly engine: QueryEngine;
  readonly config: Config;
  readonly log: Log;
  /** The time, for receipts, pins and the run ledger alone: nothing computed may depend on it. */
  readonly clock: () => Date;
  /** Memory of the function that the step runs in; left out on a machine of one's own. */
  readonly memoryMb?: number;
  /** Told how far long work has come, as a share of 1. */
  readonly progress: (share: number, what: string) => void;
}

/** What may make pseudonyms of contact data besides: ingest, and whoever looks a person up. */
export interface IdentifyingContext extends Context {
  readonly keys: IdentityKeys;
}
