import { type CampaignCode, isCampaignCode, isOfferCode, type OfferCode } from '../lake/campaign-codes.ts';
import type { Segment } from '../lake/segments.ts';
import type { ScoreBasis } from '../pipeline.ts';
import type { Language } from './language.ts';
import { names as en } from './names/en.ts';
import { names as hu } from './names/hu.ts';
import { names as th } from './names/th.ts';
import { names as zh } from './names/zh.ts';

export type RiskBand = 'high' | 'medium' | 'low';

/** A campaign as a marketer speaks of it, and what to do with its list. */
export interface CampaignWords {
  readonly name: string;
  readonly hint: string;
}

/** What things are called; a language that lacks a name does not compile. */
export interface Names {
  readonly segments: Readonly<Record<Segment, string>>;
  readonly campaigns: Readonly<Record<CampaignCode, CampaignWords>>;
  readonly offers: Readonly<Record<OfferCode, string>>;
  readonly bands: Readonly<Record<RiskBand, string>>;
  /** Ways to score, as rows of the model's comparison. */
  readonly methods: Readonly<
    Record<
      | ScoreBasis
      | 'base_rate'
      | 'blend_calibrated'
      | 'forest_ml_random_forest'
      | 'forest_winback'
      | 'champion'
      | 'challenger'
      | 'difference',
      string
    >
  >;
}

const all: Readonly<Record<Language, Names>> = { en, hu, th, zh };

/** Name of a code that comes from a table; a code that is in no list is shown as it is. */
const nameOr = <K extends string>(names: Readonly<Record<K, string>>, code: string): string =>
  Object.hasOwn(names, code) ? names[code as K] : code;

export const segmentName = (language: Language, code: string): string => nameOr(all[language].segments, code);
export const bandName = (language: Language, code: string): string => nameOr(all[language].bands, code);
export const methodName = (language: Language, code: string): string => nameOr(all[language].methods, code);

export const campaignName = (language: Language, code: string): string =>
  isCampaignCode(code) ? all[language].campaigns[code].name : code;

/** Title and hint of a built-in campaign. */
export function campaignWords(
  language: Language,
  code: CampaignCode,
): { readonly title: string; readonly hint: string } {
  const { name, hint } = all[language].campaigns[code];
  return { title: name, hint };
}

export const offerName = (language: Language, code: string): string =>
  isOfferCode(code) ? all[language].offers[code] : code;
