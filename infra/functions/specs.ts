/** What a function may read and write of a bucket: prefixes of keys. */
export interface Access {
  readonly read?: readonly string[];
  /** Keys may be listed, but what is in the objects not be read. */
  readonly list?: readonly string[];
  readonly write?: readonly string[];
  /** Keys that may be removed, as patterns. */
  readonly remove?: readonly string[];
}

/** One function: what it runs and all that it may touch. Its role grants this and nothing else. */
export interface FunctionSpec {
  /** Source of the entry, below lambdas/. */
  readonly entry: string;
  /** What it does, for the console. */
  readonly does: string;
  readonly memoryMb: number;
  readonly minutes: number;
  readonly lake: Access;
  readonly personal?: Access;
  /** Reads exports as delivered, only lists what was delivered, or reads and removes requests to erase people. */
  readonly landing?: 'read' | 'list' | 'requests';
  /** Makes pseudonyms: may read the secret. */
  readonly secret?: boolean;
  /** Runs statements: on tables without contact data, or on all. */
  readonly statements?: 'tables' | 'contacts';
  /** Takes partitions out of tables. */
  readonly forgets?: boolean;
  /** Grows trees in threads: a second entry beside its own. */
  readonly threads?: boolean;
}

const results = 'query-results/';
const ofStep = { read: ['ledger/', 'runs/', results], write: ['runs/', 'ledger/run_ledger/', results] };
const step = { memoryMb: 1024, minutes: 15, lake: ofStep, statements: 'tables' } as const;
/** Steps that look back at what files told. */
const withIngested = { read: [...ofStep.read, 'ingested/'], write: ofStep.write };

/** The functions in the order in which a night calls them; ingest stands first, who looks after it last. */
export const functionSpecs = {
  ingest: {
    entry: 'ingest/handler.ts',
    does: 'takes a delivered export into the lake',
    memoryMb: 2048,
    minutes: 15,
    lake: { read: ['ledger/'], write: ['ingested/', 'ledger/receipts/', 'ledger/landed/'] },
    personal: { write: ['personal/ingested/'] },
    landing: 'read',
    secret: true,
  },
  reconcile: {
    entry: 'ingest/reconcile-handler.ts',
    does: 'finds delivered exports of which nothing has become',
    memoryMb: 512,
    minutes: 5,
    lake: { read: ['ledger/landed/'] },
    landing: 'list',
  },
  claim: { ...step, entry: 'night/claim-handler.ts', does: 'claims the night of a date and freezes its inputs' },
  curate: {
    ...step,
    entry: 'curate/handler.ts',
    does: 'settles orders, lines and people',
    // All keys of people known by more than one are in memory at once.
    memoryMb: 6144,
    lake: withIngested,
  },
  gates: {
    ...step,
    entry: 'night/gates-handler.ts',
    does: 'stops a night that cannot be trusted',
    lake: withIngested,
  },
  horizon: { ...step, entry: 'horizon/handler.ts', does: 'chooses after how many days a customer counts as lost' },
  features: { ...step, entry: 'features/handler.ts', does: 'describes every buyer' },
  retention: { ...step, entry: 'retention/handler.ts', does: 'counts who stayed, by period and cohort' },
  train: {
    ...step,
    entry: 'train/handler.ts',
    does: 'trains and judges the model when it is due',
    memoryMb: 10_240,
    lake: { read: [...ofStep.read, 'ingested/order_versions/', 'models/'], write: [...ofStep.write, 'models/'] },
    threads: true,
  },
  scorePart: {
    entry: 'score/part-handler.ts',
    does: 'scores one file of features',
    memoryMb: 4096,
    // Twice this fits into the five minutes that an express execution may take.
    minutes: 2,
    lake: { read: ['runs/', 'models/'], write: ['runs/', 'ledger/run_ledger/'] },
  },
  score: { ...step, entry: 'score/handler.ts', does: 'counts and registers what the parts have scored' },
  publish: {
    ...step,
    entry: 'publish/handler.ts',
    does: 'makes lists, arms and the manifest',
    memoryMb: 3008,
    lake: {
      read: [...ofStep.read, 'ingested/order_versions/', 'ingested/suppressions/', 'ingested/survey_responses/'],
      write: ofStep.write,
    },
    personal: { read: ['personal/', 'published/', results], write: ['published/', 'personal/runs/', results] },
    statements: 'contacts',
  },
  measure: { ...step, entry: 'measure/handler.ts', does: 'compares contacted customers with control', memoryMb: 3008 },
  report: {
    ...step,
    entry: 'report/handler.ts',
    does: 'writes the report',
    lake: withIngested,
    // It names nobody but by pseudonym, and so reads no contact data.
    personal: { write: ['published/*/report.html'] },
  },
  commit: {
    entry: 'night/commit-handler.ts',
    does: 'makes the night visible by one write',
    memoryMb: 512,
    minutes: 5,
    lake: {
      read: ['runs/'],
      list: ['ledger/erasures/'],
      write: ['runs/published_runs/', 'runs/removed/', 'ledger/run_ledger/'],
    },
    personal: { read: ['published/latest.json', 'published/*/manifest.json'], write: ['published/latest.json'] },
  },
  tidy: {
    entry: 'night/tidy-handler.ts',
    does: 'removes what is kept no longer',
    memoryMb: 512,
    minutes: 15,
    lake: {
      read: ['runs/', results],
      list: ['ledger/erasures/'],
      write: ['runs/published_runs/', 'runs/removed/', 'ledger/run_ledger/', results],
      // What runs left; not the list of published nights.
      remove: ['runs/*/as_of=*/run_id=*', 'runs/pins/*'],
    },
    // It lists and removes contact data, and cannot read any.
    personal: { remove: ['personal/runs/*', 'published/*/*'] },
    statements: 'tables',
    forgets: true,
  },
  watch: {
    entry: 'night/watch-handler.ts',
    does: 'looks whether the lists that are due are published',
    memoryMb: 512,
    minutes: 1,
    lake: { read: ['runs/published_runs/'] },
  },
  erase: {
    entry: 'erase/handler.ts',
    does: 'forgets the people whom requests name',
    // A whole object and one row group of it unpacked.
    memoryMb: 4096,
    minutes: 15,
    lake: {
      read: ['ledger/', 'ingested/', 'runs/', results],
      write: ['ledger/erasures/', 'ledger/sweeps/', 'ingested/', 'runs/', results],
      remove: ['ledger/sweeps/*'],
    },
    personal: {
      read: ['personal/', 'published/'],
      write: ['personal/', 'published/'],
      remove: ['published/'],
    },
    landing: 'requests',
    secret: true,
    statements: 'tables',
  },
} as const satisfies Readonly<Record<string, FunctionSpec>>;

export type FunctionName = keyof typeof functionSpecs;
export const functionNames = Object.keys(functionSpecs) as FunctionName[];

/** Functions that the night calls: a schedule of its own calls watch, and only operators call erase. */
export const nightFunctionNames = functionNames.filter((name) => name !== 'watch' && name !== 'erase');
