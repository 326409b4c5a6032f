import type { ModelVerdict, ScoreBasis } from '../pipeline.ts';
import type { Language } from './language.ts';
import { labels as en } from './report/en.ts';
import { labels as hu } from './report/hu.ts';
import { labels as th } from './report/th.ts';
import { labels as zh } from './report/zh.ts';

type Text = string;

/** Every label of the report; sentences take figures that are written out already. A language that lacks one does not compile. */
export interface ReportLabels {
  readonly title: Text;
  readonly scope: (asOf: string, from: string, to: string) => string;
  readonly amountsIn: (currency: string) => string;
  readonly none: Text;
  readonly contents: Text;
  readonly headings: Readonly<
    Record<
      | 'overview'
      | 'retention'
      | 'cohorts'
      | 'segments'
      | 'surveys'
      | 'risk'
      | 'model'
      | 'watch'
      | 'horizon'
      | 'lists'
      | 'results'
      | 'customers'
      | 'quality'
      | 'definitions',
      Text
    >
  >;
  readonly overview: {
    readonly buyers: Text;
    readonly buyersNote: Text;
    readonly highRisk: Text;
    readonly highRiskNote: (share: string, from: string) => string;
    readonly highRankNote: (share: string, from: string) => string;
    readonly valueAtRisk: Text;
    readonly valueAtRiskNote: (days: string) => string;
    readonly retained: Text;
    readonly retainedNote: (active: string, from: string, to: string) => string;
    readonly retainedNone: Text;
    readonly crrDiffers: (crr: string, reactivated: string) => string;
    readonly crrSame: (crr: string) => string;
    readonly repeat: Text;
    readonly repeatNote: (again: string, all: string) => string;
    readonly listed: Text;
    readonly listedNote: (control: string) => string;
    readonly lostMeans: (days: string) => string;
    readonly activeMeans: (days: string) => string;
    readonly gaps: (half: string, nine: string) => string;
    readonly resurrection: (share: string) => string;
    readonly basis: Readonly<Record<ScoreBasis, Text>>;
    readonly verdict: Readonly<Record<ModelVerdict, Text>>;
  };
  readonly retention: {
    readonly chart: Text;
    readonly note: (window: string) => string;
    readonly retained: Text;
    readonly crr: Text;
    readonly running: Text;
    readonly censored: Text;
    readonly nobody: Text;
    readonly theNumbersBelow: Text;
    readonly quarters: Text;
    readonly months: Text;
    readonly columns: Readonly<
      Record<'period' | 'start' | 'end' | 'fresh' | 'reactivated' | 'kept' | 'lost' | 'change', Text>
    >;
    readonly points: (points: string) => string;
  };
  readonly cohorts: {
    readonly caption: Text;
    readonly note: Text;
    readonly cohort: Text;
    readonly customers: Text;
    readonly monthsSince: Text;
    readonly cell: (month: string, number: string, active: string, all: string) => string;
    readonly running: Text;
    readonly censored: Text;
    readonly limited: (shown: string, all: string) => string;
  };
  readonly segments: {
    readonly map: Text;
    readonly note: Text;
    readonly table: Text;
    readonly columns: Readonly<Record<'segment' | 'customers' | 'share' | 'spend', Text>>;
  };
  readonly surveys: {
    readonly captions: Readonly<Record<'nps' | 'csat', Text>>;
    readonly notes: Readonly<Record<'nps' | 'csat', Text>>;
    readonly all: Text;
    readonly unknown: Text;
    readonly kinds: Readonly<Record<'segment' | 'cohort' | 'theme', Text>>;
    readonly columns: Readonly<Record<'group' | 'people' | 'passives' | 'score' | 'interval', Text>> &
      Readonly<Record<'promoters' | 'detractors', Readonly<Record<'nps' | 'csat', Text>>>>;
  };
  readonly risk: {
    readonly chart: Text;
    readonly note: (days: string) => string;
    readonly rankNote: Text;
    readonly probability: Text;
    readonly rank: Text;
    readonly bar: (from: string, to: string, customers: string) => string;
    readonly table: Text;
    readonly columns: Readonly<Record<'band' | 'range' | 'customers' | 'share' | 'value', Text>>;
  };
  readonly model: {
    readonly fitted: (rows: string, customers: string, on: string) => string;
    readonly lostShare: (share: string) => string;
    readonly sample: (share: string) => string;
    /** Where the level of the probabilities comes from. */
    readonly calibrated: Readonly<Record<'season' | 'process' | 'history', Text>>;
    readonly uncalibrated: Text;
    readonly populations: Readonly<Record<'all' | 'active_h', Text>>;
    readonly caption: (population: string, on: string, days: string) => string;
    readonly tested: (rows: string, lost: string, share: string, trainedUntil: string) => string;
    readonly older: Text;
    readonly inForce: Text;
    readonly notEnough: Text;
    readonly howToRead: readonly Text[];
    readonly columns: Readonly<Record<'method', Text>>;
    readonly metrics: Readonly<
      Record<'roc_auc' | 'pr_auc' | 'log_loss' | 'level_log_loss' | 'brier' | 'calibration_error' | 'lift_10', Text>
    >;
    readonly ceiling: (value: string) => string;
    readonly mean: (population: string, dates: string, days: string) => string;
    readonly meanTested: (dates: string) => string;
    readonly interval: Text;
    readonly undated: (share: string) => string;
    /** The model in force against its challenger. */
    readonly contest: (population: string, until: string) => string;
    readonly calibration: {
      readonly chart: Text;
      readonly note: (population: string, on: string) => string;
      readonly told: Text;
      readonly came: Text;
      readonly point: (told: string, came: string, customers: string) => string;
    };
    readonly lift: {
      readonly chart: Text;
      readonly note: Text;
      readonly tenth: Text;
      readonly base: (share: string) => string;
      readonly bar: (tenth: string, share: string, times: string) => string;
    };
  };
  readonly watch: {
    readonly matured: Text;
    readonly maturedNote: (population: string) => string;
    readonly nothingMatured: Text;
    readonly promised: (value: string) => string;
    readonly columns: Readonly<Record<'night' | 'method' | 'customers' | 'lost', Text>>;
    readonly drift: Text;
    readonly driftNote: (trainedOn: string, warn: string, alarm: string) => string;
    readonly noDrift: Text;
    readonly driftColumns: Readonly<
      Record<'feature' | 'psi' | 'season' | 'labelled' | 'before' | 'tonight' | 'verdict', Text>
    >;
    readonly verdicts: Readonly<Record<'steady' | 'seasonal' | 'warned' | 'alarm', Text>>;
    readonly limited: (shown: string, all: string) => string;
  };
  readonly horizon: {
    readonly chart: Text;
    readonly note: (days: string) => string;
    readonly axis: Text;
    readonly mark: (days: string) => string;
    readonly point: (days: string, share: string) => string;
    readonly table: Text;
    readonly columns: Readonly<Record<'what' | 'value', Text>>;
    readonly facts: Readonly<
      Record<'seen' | 'open' | 'p50' | 'p80' | 'p90' | 'resurrection' | 'observed' | 'history', Text>
    >;
    readonly limited: Text;
  };
  readonly lists: {
    readonly caption: Text;
    readonly note: Text;
    readonly columns: Readonly<
      Record<'list' | 'contact' | 'control' | 'excluded' | 'fresh' | 'value' | 'offers', Text>
    >;
    readonly total: Text;
  };
  readonly customers: {
    readonly caption: (shown: string, all: string) => string;
    readonly note: Text;
    readonly columns: Readonly<
      Record<'customer' | 'risk' | 'rank' | 'value' | 'last' | 'category' | 'reasons' | 'list', Text>
    >;
    readonly daysAgo: (days: string) => string;
    readonly points: (points: string) => string;
    readonly control: Text;
    readonly excluded: Text;
    readonly onNoList: Text;
  };
  readonly quality: {
    readonly inputs: Text;
    readonly inputsNote: Text;
    readonly columns: Readonly<
      Record<'file' | 'read' | 'accepted' | 'folded' | 'duplicates' | 'rejected' | 'conflicts' | 'dates', Text>
    >;
    readonly total: Text;
    readonly orders: (orders: string, lines: string, customers: string) => string;
    readonly superseded: (orders: string, lines: string) => string;
    readonly withoutCustomer: (orders: string) => string;
    readonly withoutRate: (orders: string) => string;
    readonly rejections: Text;
    readonly rejectionColumns: Readonly<Record<'reason' | 'column' | 'records', Text>>;
    readonly gates: Text;
    readonly gateColumns: Readonly<Record<'gate' | 'verdict' | 'message', Text>>;
    readonly verdicts: Readonly<Record<'passed' | 'warned' | 'failed', Text>>;
  };
  readonly definitions: {
    /** Above figures of trade articles, which are not the shop's. */
    readonly context: string;
    readonly contextColumns: { readonly figure: string; readonly claim: string; readonly source: string };
    readonly terms: readonly (readonly [term: Text, meaning: Text])[];
    readonly metrics: Text;
    readonly metricColumns: Readonly<Record<'metric' | 'value' | 'definition' | 'window', Text>>;
    readonly run: (run: string, model: string) => string;
  };
}

const all: Readonly<Record<Language, ReportLabels>> = { en, hu, th, zh };

export const reportLabels = (language: Language): ReportLabels => all[language];
