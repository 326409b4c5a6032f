import { labels as en } from './campaign-results/en.ts';
import { labels as hu } from './campaign-results/hu.ts';
import { labels as th } from './campaign-results/th.ts';
import { labels as zh } from './campaign-results/zh.ts';
import type { Language } from './language.ts';

/** How treatment and control of a campaign compare; the table `campaign_results` says what each means. */
export const campaignVerdicts = ['worked', 'harmed', 'no_difference_seen', 'cannot_tell_yet', 'unfit'] as const;

export type CampaignVerdict = (typeof campaignVerdicts)[number];

export const isCampaignVerdict = (code: string): code is CampaignVerdict =>
  campaignVerdicts.some((known) => known === code);

/** The figures of a comparison, written out: rates with their percent sign, lifts in points without a unit. */
export interface ComparedFigures {
  readonly treated: string;
  readonly controls: string;
  readonly treatedRate: string;
  readonly controlRate: string;
  readonly lift: string;
  readonly low: string;
  readonly high: string;
  /** Smallest lift that these sizes show. */
  readonly smallest: string;
}

/** Everything that is said of campaign results; a language that lacks a sentence does not compile. */
export interface CampaignResultLabels {
  readonly caption: string;
  readonly note: (days: string) => string;
  readonly none: string;
  /** Name of the pool. */
  readonly all: string;
  readonly verdicts: Readonly<Record<CampaignVerdict, string>>;
  readonly columns: Readonly<
    Record<'campaign' | 'verdict' | 'treated' | 'controls' | 'lift' | 'revenue' | 'profit' | 'smallest', string>
  >;
  readonly points: (points: string) => string;
  readonly bought: (customers: string) => string;
  readonly relative: (share: string) => string;
  readonly range: (low: string, high: string) => string;
  readonly cost: (cost: string) => string;
  readonly contaminated: (customers: string) => string;
  readonly open: (episodes: string) => string;
  readonly chart: { readonly title: string; readonly note: string; readonly axis: string };
  readonly reasons: {
    readonly worked: (figures: ComparedFigures) => string;
    readonly harmed: (figures: ComparedFigures) => string;
    readonly noDifferenceSeen: (figures: ComparedFigures) => string;
    /** `needed` customers would show the lift that is counted on; null where no number of them would. */
    readonly tooFew: (figures: ComparedFigures, countedOn: string, needed: string | null) => string;
    readonly nobodyEntered: string;
    readonly nothingOver: (episodes: string, days: string) => string;
    readonly oneArm: (treated: string, controls: string) => string;
    readonly unfit: (controls: string, customers: string, expected: string) => string;
  };
}

const all: Readonly<Record<Language, CampaignResultLabels>> = { en, hu, th, zh };

export const campaignResultLabels = (language: Language): CampaignResultLabels => all[language];
