import type { TableRow } from '../../lake/table.ts';
import type { suppressions, surveyResponses } from '../../lake/tables/surveys.ts';
import { surveyQuestions } from '../../platform/config/ingest.ts';
import { noScore, suppressionReasons } from '../book/people-book.ts';
import { noTime } from '../book/row.ts';
import type { FileIdentities } from '../identity.ts';
import type { PeopleContents } from '../read/read-people.ts';
import { absent } from '../records/byte-pool.ts';
import { type Ingest, keysOf } from './table-rows.ts';

const nobodyErased: ReadonlySet<string> = new Set();

/** Rows of `suppressions`, in order of their records. Whoever was erased stays suppressed. */
export function* suppressionRows(
  { id, fileTime }: Pick<Ingest, 'id' | 'fileTime'>,
  contents: PeopleContents,
  people: FileIdentities,
  isLifted: boolean,
): Generator<TableRow<typeof suppressions>> {
  const { columns, size } = contents.book;
  for (let i = 0; i < size; i++) {
    const { email, phone, customer } = columns;
    const toldAt = columns.toldAt[i]!;
    yield {
      ingest_id: id,
      record_no: columns.record[i]!,
      ...keysOf(people, nobodyErased, email[i]!, phone[i]!, customer[i]!),
      told_epoch_s: toldAt === noTime ? fileTime : Number(toldAt / 1_000_000n),
      reason: suppressionReasons[columns.reason[i]!]!,
      is_lifted: isLifted,
    };
  }
}

/** Rows of `survey_responses`, in order of their records: one for each question answered; those of erased people are nobody's. */
export function* responseRows(
  { id, zone, erased }: Pick<Ingest, 'id' | 'zone' | 'erased'>,
  contents: PeopleContents,
  people: FileIdentities,
): Generator<TableRow<typeof surveyResponses>> {
  const { columns, size } = contents.book;
  for (let i = 0; i < size; i++) {
    const { email, phone, customer } = columns;
    const answeredAt = columns.toldAt[i]!;
    const theme = columns.theme[i]!;
    for (const question of surveyQuestions.toSorted()) {
      const score = columns[question][i]!;
      if (score === noScore) continue;
      yield {
        ingest_id: id,
        record_no: columns.record[i]!,
        ...keysOf(people, erased, email[i]!, phone[i]!, customer[i]!),
        answered_at: answeredAt,
        answered_on: zone.dayOf(Number(answeredAt / 1_000_000n)),
        question,
        score,
        theme: theme === absent ? null : contents.pools.words.text(theme),
      };
    }
  }
}
