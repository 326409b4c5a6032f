import type { ModelVerdict, ScoreBasis } from '../pipeline.ts';

/** One list of a night, as the manifest names it. */
export interface PublishedList {
  readonly campaign: string;
  readonly name: string;
  readonly definition: string;
  readonly offer: string;
  /** Key of the people file, and what it must look like when it arrives. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly new_members: number;
  /** Sum over the list, in the reporting currency, as decimal text. */
  readonly value_at_risk: string;
  /** Candidates who are not on the list, and why. */
  readonly control: number;
  readonly excluded: Readonly<Record<'no_consent' | 'unknown_consent', number>>;
}

/** What a night published: every file with its size and hash, and what its figures rest on. */
export interface Manifest {
  readonly as_of: string;
  readonly run_id: string;
  readonly horizon_days: number;
  readonly currency: string;
  readonly score_basis: ScoreBasis;
  readonly model_id: string;
  readonly model_verdict: ModelVerdict;
  readonly model_reason: string;
  readonly control_pct: number;
  readonly unknown_consent: 'include' | 'exclude';
  readonly lists: readonly PublishedList[];
  readonly report: string;
}
