import {
  count,
  date,
  flag,
  integer,
  optionalDate,
  optionalInteger,
  optionalText,
  real,
  text,
  timestamp,
} from '../column.ts';
import { defineTable } from '../table.ts';

const identity = {
  email_key: optionalText('Pseudonym of the e-mail address, as in order_versions.'),
  phone_key: optionalText('Pseudonym of the phone number.'),
  platform_key: optionalText("Pseudonym of the shop platform's customer id."),
};

export const suppressions = defineTable({
  name: 'suppressions',
  kind: 'ingested',
  grain: 'One person as one suppression file told of them: do not contact, or contact again.',
  key: ['ingest_id', 'record_no'],
  columns: {
    ingest_id: text('The ingest that told this.'),
    record_no: count('Record of the file, from 1.', 'records'),
    ...identity,
    told_epoch_s: count(
      "When this was true: the record's own date, else the time of the file.",
      'seconds since 1970-01-01 UTC',
    ),
    reason: text('unsubscribed, complained, bounced, erased or other.'),
    is_lifted: flag('The person may be contacted again; outranks what was told before.'),
  },
});

export const surveyResponses = defineTable({
  name: 'survey_responses',
  kind: 'ingested',
  grain: 'One answer of one person to one question of a survey.',
  key: ['ingest_id', 'record_no', 'question'],
  columns: {
    ingest_id: text('The ingest that told this.'),
    record_no: count('Record of the file, from 1.', 'records'),
    ...identity,
    answered_at: timestamp('When it was answered, UTC; midnight of the shop where only the day is known.'),
    answered_on: date("Day of the answer in the shop's time zone."),
    question: text('nps (would recommend, 0 to 10) or csat (satisfied, 1 to 5).'),
    score: integer('The answer.', 'points'),
    theme: optionalText('What it was about, as exported; null for texts that are no short name.'),
  },
});

export const customerFeedback = defineTable({
  name: 'customer_feedback',
  kind: 'run',
  grain: 'One person who has answered a survey: their latest answers as of the date of the run.',
  key: ['customer_key'],
  columns: {
    customer_key: text('Pseudonym of the person.'),
    nps_on: optionalDate('Day of the latest answer to nps.'),
    nps_score: optionalInteger('That answer, 0 to 10.', 'points'),
    nps_theme: optionalText('What it was about.'),
    csat_on: optionalDate('Day of the latest answer to csat.'),
    csat_score: optionalInteger('That answer, 1 to 5.', 'points'),
    csat_theme: optionalText('What it was about.'),
    complained_on: optionalDate('Day of the latest answer, where it is that of a detractor (nps 0 to 6, csat 1 or 2).'),
  },
});

export const surveyScores = defineTable({
  name: 'survey_scores',
  kind: 'run',
  grain: 'One question of surveys, answered by one group of customers: all, a segment, a cohort or a theme.',
  key: ['question', 'group_kind', 'group_name'],
  columns: {
    question: text('nps or csat.'),
    group_kind: text('all, segment (as of the run), cohort (month of the first purchase), or theme.'),
    group_name: text('Name of the group; all for everybody, unknown for answers of people who have not bought.'),
    responses: integer('People, each with their latest answer.', 'customers'),
    promoters: integer('nps 9 and 10; csat 4 and 5 (satisfied).', 'customers'),
    passives: integer('nps 7 and 8; csat 3.', 'customers'),
    detractors: integer('nps 0 to 6; csat 1 and 2.', 'customers'),
    score: real('nps: % promoters − % detractors, −100 to 100; csat: % satisfied.', 'points'),
    low: real('Lower end of its 95 % interval: adjusted Wald for nps (Rocks 2016), Wilson for csat.', 'points'),
    high: real('Upper end.', 'points'),
  },
});
