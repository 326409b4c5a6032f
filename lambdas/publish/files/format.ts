import type { Language } from '../../wording/language.ts';
import type { UsableContact } from './usable-contact.ts';

/** Who the files are for: people, or a platform that takes uploads. */
export const formatNames = ['people', 'klaviyo', 'mailchimp', 'meta', 'google'] as const;

export type FormatName = (typeof formatNames)[number];

/** Consent of everybody in a file, where a platform wants it stated for a whole upload; null elsewhere. */
export type Consent = 'granted' | 'unknown' | null;

/** Why somebody of an audience is not in a platform's file. */
export const leftOutReasons = [
  'no_email',
  'bad_email',
  'email_not_ascii',
  'no_contact',
  'bad_contact',
  'refused',
  'too_long',
] as const;

export type LeftOutReason = (typeof leftOutReasons)[number];

/** A campaign in the shop's words. */
export interface CampaignText {
  readonly code: string;
  readonly name: string;
  /** Who is on the list and what to do with it. */
  readonly hint: string;
}

/** In which words a file speaks. */
export interface Words {
  readonly language: Language;
  /** ISO 4217 code of amounts. */
  readonly currency: string;
  readonly campaign: CampaignText;
}

/** One member on the way into the files. */
export interface Entry<M, W> {
  readonly member: M;
  readonly usable: UsableContact;
  readonly words: W;
}

/** A kind of file as data. @typeParam M a member; @typeParam W the words it needs */
export interface FileFormat<M, W> {
  readonly name: FormatName;
  /** Files for people have no cell that a spreadsheet would run; uploads hold texts as they are. */
  readonly isForPeople: boolean;
  /** Header and cell, in order. */
  readonly columns: readonly (readonly [header: string, cell: (entry: Entry<M, W>) => string])[];
  /** Why this member cannot be in the file; null for who can. */
  readonly leftOut: (entry: Entry<M, W>) => LeftOutReason | null;
  /** Whether those who agreed and those of whom nobody knows go to separate files. */
  readonly splitsByConsent: boolean;
}
