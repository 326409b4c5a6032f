import { createPeopleBook, noScore, type PeopleBook, type Telling } from '../book/people-book.ts';
import { createPools, noTime, type Pools } from '../book/row.ts';
import type { FileSettings } from '../layouts/kinds.ts';
import { isHeader } from '../plan/record-shape.ts';
import type { Survey } from '../plan/survey.ts';
import type { RecordTrail } from '../record-trail.ts';
import { absent } from '../records/byte-pool.ts';
import type { RawRecord } from '../records/raw-record.ts';
import type { UnpackLimits } from '../source/container.ts';
import type { ExportFile } from '../source/export-file.ts';
import type { Zone } from '../values/zone.ts';
import { createAnswerReader } from './answer-reader.ts';
import { createPersonReader, type ReadProblem } from './person-reader.ts';
import { readRecords } from './read-records.ts';
import { footerColumnOf, summaryColumn } from './summary-rows.ts';
import { createSuppressionReader } from './suppression-reader.ts';
import { createTimeReader } from './times.ts';

/** A file of people, read: every record is accepted, a repeat, or rejected. */
export interface PeopleContents {
  readonly pools: Pools;
  readonly book: PeopleBook;
  readonly read: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly conflicts: number;
}

/** What the records of such files are judged against besides their file. */
export interface PeopleRules {
  readonly config: FileSettings;
  readonly zone: Zone;
  readonly deliveredAt: Date;
}

type Reader = (record: RawRecord, telling: Telling) => ReadProblem | null;

function createReaders(survey: Survey, pools: Pools, { config, zone, deliveredAt }: PeopleRules): readonly Reader[] {
  const { plan } = survey;
  const { told_at: toldAt = -1 } = plan.columns;
  const { optionalTime } = createTimeReader(survey, { zone, deliveredAt });
  const isSurvey = config.kind === 'surveys';
  const person = createPersonReader(plan, pools, isSurvey ? 'anonymous_answer' : 'no_person');
  const time: Reader = (record, telling) => {
    const value = toldAt < 0 ? noTime : optionalTime(record, toldAt);
    if (typeof value === 'string') return { reason: value, column: toldAt };
    if (value === noTime && isSurvey) return { reason: 'missing_time', column: toldAt };
    telling.toldAt = value;
    return null;
  };
  if (isSurvey) return [person, time, createAnswerReader(plan, pools, config.survey.question)];
  return config.kind === 'lifts' ? [person, time] : [createSuppressionReader(plan, config), person, time];
}

/**
 * The second pass over a file of people: every record is taken as what its kind tells, recognised as a repeat, or
 * rejected with its reason.
 * @param trail told where each record begins
 */
export async function readPeople(
  file: ExportFile,
  survey: Survey,
  rules: PeopleRules,
  limits: UnpackLimits,
  trail: RecordTrail | null = null,
): Promise<PeopleContents> {
  const { plan } = survey;
  const pools = createPools();
  const book = createPeopleBook();
  const readers = createReaders(survey, pools, rules);
  const isTable = plan.format.kind === 'delimited';
  const { email = -1, phone = -1, customer_id = -1 } = plan.columns;
  const personColumn = Math.max(email, phone, customer_id);
  const telling: Telling = {
    recordNo: 0,
    email: absent,
    phone: absent,
    customer: absent,
    toldAt: noTime,
    nps: noScore,
    csat: noScore,
    theme: absent,
    reason: 0,
  };

  /** Column of what programs write above and below a table, in a record that cannot be read; -1 where it was meant. */
  const wordColumn = (record: RawRecord, { reason }: ReadProblem): number => {
    if (!isTable) return -1;
    if (reason === 'too_few_fields') return summaryColumn(record, personColumn);
    return plan.width > 1 && reason !== 'too_many_fields' ? footerColumnOf(record) : -1;
  };

  const read = await readRecords(file, survey, limits, (record, recordNo, shape) => {
    telling.recordNo = recordNo;
    trail?.note(recordNo, record.line, absent);
    let problem: ReadProblem | null = shape === null ? null : { reason: shape, column: -1 };
    for (let i = 0; problem === null && i < readers.length; i++) problem = readers[i]!(record, telling);
    if (problem === null) {
      book.add(telling);
      return;
    }
    const column = wordColumn(record, problem);
    if (isHeader(record, plan)) book.rejects.add(recordNo, 'repeated_header', -1);
    else if (column >= 0) book.rejects.add(recordNo, 'summary_row', column);
    else book.rejects.add(recordNo, problem.reason, problem.column);
  });
  const { size: accepted, rejects, duplicates, conflicts } = book;
  return { pools, book, read, accepted, duplicates, rejected: rejects.size, conflicts };
}
