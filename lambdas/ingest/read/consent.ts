import type { IngestConfig } from '../../platform/config/ingest.ts';
import { absent, type BytePool } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { saysNothing } from '../values/field.ts';
import { answerWords, type ConsentWord, consentKey, consentWords } from './consent-words.ts';
import { textRef } from './texts.ts';

/** True for a plain no in answer to the question that a header asks. */
export const isNo = (word: string): boolean => answerWords.get(consentKey(word)) === 'no';

/** Creates the reader of single words of consent; null for words that neither winback nor the shop's settings know. */
export function createConsentWords({ consents }: Pick<IngestConfig, 'consents'>): (word: string) => ConsentWord | null {
  const own = new Map(Object.entries(consents).map(([word, means]) => [consentKey(word), means]));
  return (word) => own.get(consentKey(word)) ?? consentWords.get(consentKey(word)) ?? null;
}

/** Words of consent that are not known, and therefore count as a no. */
export interface UnknownConsents {
  /** The first few of them, in order of their first record. */
  readonly words: readonly string[];
  /** Records that hold any. */
  readonly records: number;
}

/** Reads one file's column of consent. */
export interface ConsentReader {
  readonly unknown: UnknownConsents;
  /** Whether a person agreed to be written to: 1 yes, 0 no or nothing that can be taken for a yes, -1 where it is blank. */
  read(record: RawRecord): number;
}

/** Unknown words that are kept. */
const fewWords = 5;

/** Creates the reader of a column of consent; a word that is not known is no consent, and is kept to be warned of. */
export function createConsentReader(column: number, pool: BytePool, config: IngestConfig): ConsentReader {
  const named = createConsentWords(config);
  const consentOfRef = new Map<number, number>();
  const unknownRefs = new Set<number>();
  const words: string[] = [];
  let records = 0;

  const consentOf = (ref: number): number => {
    const text = pool.text(ref);
    const word = named(text);
    if (word !== null) return Number(word === 'yes');
    if (saysNothing(text)) return -1;
    unknownRefs.add(ref);
    if (words.length < fewWords) words.push(text);
    return 0;
  };

  return {
    get unknown() {
      return { words, records };
    },
    read(record) {
      const ref = textRef(record, column, pool);
      if (ref === absent) return -1;
      let consent = consentOfRef.get(ref);
      if (consent === undefined) {
        consent = consentOf(ref);
        consentOfRef.set(ref, consent);
      }
      if (unknownRefs.has(ref)) records++;
      return consent;
    },
  };
}
