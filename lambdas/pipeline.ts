import type { Run } from './lake/zones.ts';

/** What every step of a night is told: which night it is and what it builds on. Keys and counts, never rows. */
export interface Night {
  readonly run: Run;
  /** The published night before this one, whose lists and model it continues; null on the first. */
  readonly previous: PreviousNight | null;
  /** Earlier published nights whose horizon has passed, newest first: what they foretold is held against what happened. */
  readonly matured: readonly MaturedNight[];
  /** Ingests that this night reads, frozen when it was claimed. */
  readonly inputs: number;
  /** State of the erasures when it was claimed: a night that still knows somebody who was erased is not published. */
  readonly erasures: string;
  /** Days of the newest and the oldest order among them. */
  readonly firstOrderDate: number;
  readonly lastOrderDate: number;
  /** ISO 4217 code that amounts are reported in. */
  readonly currency: string;
}

export interface PreviousNight {
  readonly asOf: number;
  readonly runId: string;
  readonly modelId: string;
  readonly horizonDays: number;
  readonly trainedOn: number;
}

export type MaturedNight = Omit<PreviousNight, 'trainedOn'>;

/** An object with rows, as listed by the engine that wrote it. */
export interface FileOfRows {
  readonly key: string;
  readonly rows: number;
}

export interface GateVerdict {
  readonly gate: string;
  readonly verdict: 'passed' | 'warned' | 'failed';
  readonly message: string;
}

/** What each step leaves for the steps after it. */
export interface StepOutputs {
  curate: {
    readonly orders: number;
    readonly lines: number;
    readonly customers: number;
    readonly supersededOrders: number;
    readonly supersededLines: number;
    readonly ordersWithoutCustomer: number;
    readonly ordersWithoutRate: number;
  };
  gates: { readonly gates: readonly GateVerdict[] };
  horizon: {
    readonly horizonDays: number;
    readonly activeWindowDays: number;
    /** Past dates to learn from and to test on, newest first; none when no training is due. */
    readonly snapshotDates: readonly number[];
    readonly testDates: readonly number[];
    readonly trainingDue: boolean;
  };
  features: {
    readonly buyers: number;
    readonly featureFiles: readonly FileOfRows[];
    readonly snapshotFiles: readonly FileOfRows[];
    /** Share of customers that the snapshots hold. */
    readonly sampleRatePct: number;
  };
  retention: { readonly periods: number; readonly cohorts: number };
  train: {
    readonly modelId: string;
    readonly basis: ScoreBasis;
    readonly verdict: ModelVerdict;
    readonly reason: string;
    readonly trainedOn: number;
    /** What the watch over model and data found; `warned` where a threshold is passed. */
    readonly gates: readonly GateVerdict[];
  };
  score: { readonly scored: number; readonly high: number; readonly medium: number; readonly low: number };
  publish: {
    readonly manifestKey: string;
    readonly lists: readonly { readonly campaign: string; readonly rows: number; readonly newMembers: number }[];
    readonly control: number;
  };
  /** Campaigns that were looked at, and customers who were judged. */
  measure: { readonly campaigns: number; readonly judged: number };
  report: { readonly reportKey: string };
  commit: {
    readonly published: boolean;
    /** The night that was current before, where that is a later one: publishing an older date takes its place. */
    readonly replacedLater: number | null;
  };
  tidy: {
    /** Published nights that can be gone back to no longer. */
    readonly nights: number;
    /** Runs of which nothing is left. */
    readonly runs: number;
  };
}

/** Id that stands where a model's would when rules are in force. */
export const rulesModelId = 'rules';

/** What a score rests on: `blend` is forest and logistic regression together; `rules` is a rank by rule, no probability. */
export type ScoreBasis = 'blend' | 'forest' | 'logistic' | 'bgnbd' | 'recency' | 'rfm' | 'rules';

/**
 * - `promoted`: a newly trained model is in force
 * - `kept`: the model of an earlier night stays
 * - `baseline`: the new model did not hold up, the best baseline is in force
 * - `not_enough_data`: rules are in force
 */
export type ModelVerdict = 'promoted' | 'kept' | 'baseline' | 'not_enough_data';

export type StepName = keyof StepOutputs;

/**
 * The steps of a night in order; steps of one stage do not wait for each other. Claiming the night comes before,
 * telling people after. The command line and the state machine both follow this list.
 */
export const stages = [
  ['curate'],
  ['gates'],
  ['horizon'],
  ['features', 'retention'],
  ['train'],
  ['score'],
  ['publish'],
  ['measure'],
  ['report'],
  ['commit'],
  ['tidy'],
] as const satisfies readonly (readonly StepName[])[];

/** The outputs that a step reads, besides the night itself. */
const needs = {
  curate: [],
  gates: ['curate'],
  horizon: [],
  features: ['horizon'],
  retention: ['horizon'],
  train: ['horizon', 'features'],
  score: ['horizon', 'features', 'train'],
  publish: ['horizon', 'train'],
  measure: [],
  report: ['curate', 'gates', 'horizon', 'train', 'score', 'publish'],
  commit: ['horizon', 'train', 'publish', 'report'],
  tidy: [],
} as const satisfies Readonly<Record<StepName, readonly StepName[]>>;

export type StepInput<N extends StepName> = { readonly night: Night } & {
  readonly [K in (typeof needs)[N][number]]: StepOutputs[K];
};

/** Names of the steps whose outputs a step reads. */
export const needsOf = (step: StepName): readonly StepName[] => needs[step];

/** Picks what a step needs out of everything done so far. */
export function inputFor<N extends StepName>(step: N, night: Night, done: Partial<StepOutputs>): StepInput<N> {
  return Object.fromEntries([['night', night], ...needs[step].map((name) => [name, done[name]])]) as StepInput<N>;
}
