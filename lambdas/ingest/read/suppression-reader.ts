import type { IngestConfig } from '../../platform/config/ingest.ts';
import { type SuppressionReason, suppressionReasons, type Telling } from '../book/people-book.ts';
import type { Plan } from '../plan/plan.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { cleanText, saysNothing } from '../values/field.ts';
import { createConsentWords, isNo } from './consent.ts';
import type { ReadProblem } from './person-reader.ts';

/** What systems call the reasons, in words, codes and headers; the first that fits counts. */
const reasonWords: readonly (readonly [SuppressionReason, RegExp])[] = [
  ['complained', /spam|complain|abuse|junk/],
  ['erased', /eras|gdpr|delet|forgot/],
  ['bounced', /bounc|invalid|clean|undeliver|hard|soft|not exist/],
  ['unsubscribed', /unsub|opt.?out|opted|leave|left|no longer/],
];

const reasonIn = (text: string): number => {
  const word = text.toLowerCase();
  const found = reasonWords.find(([, pattern]) => pattern.test(word));
  return found ? suppressionReasons.indexOf(found[0]) : suppressionReasons.indexOf('other');
};

/** Creates the reader of why somebody is suppressed; people who are still subscribed are not. */
export function createSuppressionReader(
  { columns, header, layout }: Plan,
  config: IngestConfig,
): (record: RawRecord, telling: Telling) => ReadProblem | null {
  const { reason = -1, accepts_marketing: consent = -1, unsubscribed = -1, told_at: toldAt = -1 } = columns;
  const written = (record: RawRecord, column: number): string => {
    const text = column < 0 ? '' : cleanText(fieldText(record, column));
    return saysNothing(text) || text === '[]' ? '' : text;
  };
  const consentNamed = createConsentWords(config);
  const headerReason = reasonIn(header[toldAt] ?? '');
  return (record, telling) => {
    const why = written(record, reason);
    const state = written(record, consent);
    const stated = consentNamed(state);
    const isUnsubscribed = stated === 'no';
    if (why === '' && stated === 'yes') return { reason: 'not_suppressed', column: consent };
    if (isNo(written(record, unsubscribed))) return { reason: 'not_suppressed', column: unsubscribed };
    if (layout.blankReasonIsNone && why === '' && !isUnsubscribed) return { reason: 'not_suppressed', column: reason };
    telling.reason = reasonIn(why) || reasonIn(state) || (isUnsubscribed ? reasonIn('unsub') : headerReason);
    return null;
  };
}
