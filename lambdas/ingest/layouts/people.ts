import { generic } from './generic.ts';
import type { Layout } from './layout.ts';

/** What files of people have in common: no orders, and somebody named in every record. */
const people = {
  signatures: [],
  grain: 'order',
  amount: 'total',
  clock: 'shop',
  statuses: {},
  negativeIsCreditNote: false,
  integerText: [],
} as const satisfies Partial<Layout>;

const person: Layout['fields'] = {
  email: [
    ...(generic.fields.email ?? []),
    'e-mail address',
    'recipient',
    'recipient email',
    'respondent email',
    'user email',
  ],
  phone: [...(generic.fields.phone ?? []), 'mobile number', 'sms phone number', 'phone_number'],
  customer_id: generic.fields.customer_id ?? [],
};
const somebody = ['email', 'phone', 'customer_id'] as const;

const anyTime = ['date', 'timestamp', 'datetime', 'time', 'created at', 'created', 'date added', 'added at'];

/** Answers to a survey: one record per answer, or per person with a column for each question. */
export const survey: Layout = {
  ...people,
  name: 'survey',
  title: 'answers of a survey',
  fields: {
    ...person,
    told_at: [
      'answered at',
      'answered on',
      'answer date',
      'responded at',
      'response date',
      'response time',
      'submitted at',
      'submission date',
      'submit date',
      'completed at',
      'completed on',
      'survey date',
      ...anyTime,
    ],
    nps: [
      'nps',
      'nps score',
      'nps rating',
      'net promoter score',
      'likelihood to recommend',
      'would recommend',
      'score 0-10',
      'score 0 to 10',
      'rating 0-10',
      'rating 0 to 10',
      'how likely are you to recommend us',
      'how likely are you to recommend us to a friend or colleague',
    ],
    csat: [
      'csat',
      'csat score',
      'csat rating',
      'satisfaction',
      'satisfaction score',
      'satisfaction rating',
      'customer satisfaction',
      'customer satisfaction score',
      'score 1-5',
      'score 1 to 5',
      'rating 1-5',
      'rating 1 to 5',
      'how satisfied are you',
    ],
    score: ['score', 'rating', 'answer', 'response'],
    question: ['question', 'question type', 'survey type', 'score type', 'metric', 'kpi', 'type', 'survey'],
    theme: ['theme', 'topic', 'driver', 'category', 'subject', 'tag'],
  },
  required: [somebody, ['told_at'], ['nps', 'csat', 'score']],
};

const consent = [
  'email marketing consent',
  'accepts email marketing',
  'subscription status',
  'subscriber status',
  'email status',
  'member status',
  'status',
  'consent',
  ...(generic.fields.accepts_marketing ?? []),
];

const unsubscribed = ['unsubscribed', 'opted out', 'opt out', 'do not contact', 'suppressed', 'bounced', 'blocked'];

/** A list of people who may not be contacted, of whatever mailing system or hand. */
const suppressionList: Layout = {
  ...people,
  name: 'suppression_list',
  title: 'suppressed people',
  fields: {
    ...person,
    told_at: [
      'unsub_time',
      'unsubscribed at',
      'unsubscribed on',
      'unsubscribe date',
      'unsubscribe time',
      'unsubscription date',
      'date unsubscribed',
      'leave_time',
      'opted out at',
      'opt out date',
      'opt out time',
      'suppressed at',
      'suppressed on',
      'suppression date',
      'suppression time',
      'date suppressed',
      'bounced at',
      'bounced on',
      'bounce date',
      'bounce time',
      'clean_time',
      'complained at',
      'complaint date',
      ...anyTime,
    ],
    reason: [
      'reason',
      'suppression reason',
      'unsubscribe reason',
      'unsub_reason',
      'bounce reason',
      'bounce type',
      'type',
    ],
    accepts_marketing: consent,
    unsubscribed,
  },
  required: [somebody],
};

/** Mailchimp's files of unsubscribed and of cleaned (bounced) contacts; that of subscribed contacts has neither time. */
const mailchimp: Layout = {
  ...people,
  name: 'mailchimp',
  title: 'Mailchimp unsubscribed or cleaned contacts',
  signatures: [['email address', 'leid', 'euid']],
  fields: {
    email: ['email address'],
    phone: ['phone number', 'sms phone number'],
    told_at: ['unsub_time', 'clean_time', 'leave_time'],
    reason: ['unsub_reason'],
  },
  required: [['email'], ['told_at']],
};

/** Klaviyo's export of profiles: suppressed are those with a suppression or without consent, not all of them. */
const klaviyo: Layout = {
  ...people,
  name: 'klaviyo',
  title: 'Klaviyo profiles',
  signatures: [['email', 'email marketing consent', 'email suppressions']],
  fields: {
    email: ['email'],
    phone: ['phone number', 'phone'],
    told_at: ['email suppressions timestamp'],
    reason: ['email suppressions'],
    accepts_marketing: ['email marketing consent'],
  },
  required: [['email'], ['reason']],
  blankReasonIsNone: true,
};

/** Every layout of suppressions that is read, the generic one last. */
export const suppressionLayouts: readonly Layout[] = [mailchimp, klaviyo, suppressionList];

/**
 * A list of people who may be contacted again. Times of an unsubscription do not date its lift: without one of its own,
 * the time of the file counts.
 */
export const liftList: Layout = {
  ...people,
  name: 'lift_list',
  title: 'people to be contacted again',
  fields: {
    ...person,
    told_at: [
      'lifted at',
      'lifted on',
      'resubscribed at',
      'resubscribed on',
      'subscribed at',
      'opt in date',
      ...anyTime,
    ],
  },
  required: [somebody],
};
