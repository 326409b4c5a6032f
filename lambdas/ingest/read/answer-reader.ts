import type { SurveyQuestion } from '../../platform/config/ingest.ts';
import { noScore, type Telling } from '../book/people-book.ts';
import type { Pools } from '../book/row.ts';
import type { Plan } from '../plan/plan.ts';
import type { RejectReason } from '../reasons.ts';
import { absent } from '../records/byte-pool.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { saysNothing, tidyText } from '../values/field.ts';
import type { ReadProblem } from './person-reader.ts';
import { textRef } from './texts.ts';

/** Lowest and highest answer to each question. */
const scales: Readonly<Record<SurveyQuestion, readonly [number, number]>> = { nps: [0, 10], csat: [1, 5] };

/** A whole number on the scale of its question; `noScore` where the text is blank or a word for nothing. */
function scoreOf(given: string, question: SurveyQuestion): number | RejectReason {
  const text = tidyText(given);
  if (text === '' || saysNothing(text)) return noScore;
  const [, whole = '', decimals = ''] = /^(-?\d{1,9})(?:[.,](\d{1,9}))?$/.exec(text) ?? [];
  if (whole === '') return 'bad_score';
  if (/[1-9]/.test(decimals)) return 'score_not_whole';
  const [lowest, highest] = scales[question];
  const score = Number(whole);
  return score < lowest || score > highest || whole === '-0' ? 'score_out_of_range' : score;
}

/** Question that a word names, in the usual languages of surveys; null where it names neither. */
function questionNamed(text: string): SurveyQuestion | null {
  const word = text.toLowerCase();
  if (/nps|promoter|recommend|ajánl|แนะนำ|推荐/.test(word)) return 'nps';
  return /csat|satisf|elégedett|พอใจ|满意/.test(word) ? 'csat' : null;
}

/** A theme is a short name; texts that may be about a person, with an address or a number of a person, are none. */
const longestTheme = 60;
const mayBePersonal = /@|\d[\d ()/.-]{4,}\d/;

/** Creates the reader of the answers in a record: one of its score column, or one of each question's own column. */
export function createAnswerReader(
  { columns }: Plan,
  pools: Pools,
  configured: SurveyQuestion | undefined,
): (record: RawRecord, telling: Telling) => ReadProblem | null {
  const { score = -1, nps = -1, csat = -1, question = -1, theme = -1 } = columns;
  const hasOwnColumns = nps >= 0 || csat >= 0;

  const questionOf = (record: RawRecord): SurveyQuestion | null =>
    (question < 0 ? null : questionNamed(fieldText(record, question))) ?? configured ?? null;

  const themeOf = (record: RawRecord): number => {
    const ref = theme < 0 ? absent : textRef(record, theme, pools.names);
    if (ref === absent) return absent;
    const text = pools.names.text(ref);
    return text.length > longestTheme || mayBePersonal.test(text) || saysNothing(text)
      ? absent
      : pools.words.internText(text);
  };

  return (record, telling) => {
    telling.nps = noScore;
    telling.csat = noScore;
    const asked = hasOwnColumns ? null : questionOf(record);
    if (!hasOwnColumns && asked === null) return { reason: 'unknown_question', column: question };
    const answers: (readonly [SurveyQuestion, number])[] = hasOwnColumns
      ? [
          ['nps', nps],
          ['csat', csat],
        ]
      : [[asked ?? 'nps', score]];
    for (const [name, column] of answers) {
      if (column < 0) continue;
      const found = scoreOf(fieldText(record, column), name);
      if (typeof found === 'string') return { reason: found, column };
      telling[name] = found;
    }
    if (telling.nps === noScore && telling.csat === noScore) {
      return { reason: 'missing_score', column: Math.max(score, nps, csat) };
    }
    telling.theme = themeOf(record);
    return null;
  };
}
