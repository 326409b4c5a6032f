import type { Language } from './language.ts';
import { type Numbers, numbersOf } from './numbers.ts';
import type { ReasonCode } from './reason-codes.ts';
import { reasons as en } from './reasons/en.ts';
import { reasons as hu } from './reasons/hu.ts';
import { reasons as th } from './reasons/th.ts';
import { reasons as zh } from './reasons/zh.ts';

/** One sentence per reason; a language that lacks one does not compile. */
export type ReasonSentences = Readonly<Record<ReasonCode, (value: number, say: Numbers) => string>>;

const sentences: Readonly<Record<Language, ReasonSentences>> = { en, hu, th, zh };

/**
 * A reason as a sentence in a marketer's words.
 * @param value the number that `reasonValues` describes for the code
 * @param currency ISO 4217 code for reasons about spend; without one an amount is a plain number
 */
export function reasonSentence(language: Language, code: ReasonCode, value: number, currency?: string): string {
  return sentences[language][code](value, numbersOf(language, currency));
}
