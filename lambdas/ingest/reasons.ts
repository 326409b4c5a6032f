/**
 * Why a record was not taken: the code that `rejected_rows` keeps and the sentence that `winback check` prints. The order
 * is the number by which the order book stores them.
 */
export const rejectReasons = {
  too_few_fields: 'The record has fewer fields than the header.',
  too_many_fields: 'The record has more fields than the header.',
  bad_quoting: 'A quotation mark opens a field and is not closed, or is followed by other text.',
  undecodable_bytes: "The record holds bytes that are no text in the file's encoding.",
  broken_json: 'The line is no JSON object.',
  repeated_member: 'The object has two members of one name that differ.',
  wrong_type: 'The value is a list or an object where a single value belongs.',
  repeated_header: 'The record repeats the header.',
  summary_row: 'The record adds up or averages the others.',
  no_sale: 'The record is a shipment of something that was not sold on the platform; it belongs to no order there.',
  missing_order_id: 'The order number is blank or a word for nothing.',
  mangled_id: 'A spreadsheet turned the order or customer number into a rounded number (1E+05) or an error (#REF!).',
  bad_id: 'The order number, customer number or e-mail address holds control characters, or characters that were lost.',
  missing_time: 'The order time is blank.',
  bad_time: 'The time is in no known form.',
  impossible_time: 'The calendar or the clock has no such day or time.',
  future_time: 'The time lies more than one day after the delivery of the file.',
  ancient_time: 'The time lies before 1995.',
  bad_time_zone: 'The time zone is no name of a time zone.',
  missing_amount: 'The amount is blank.',
  bad_amount: 'The amount is no number in plain notation.',
  amount_too_precise: 'The amount has more than four decimals, or more than its currency has.',
  amount_too_large: 'The amount is larger than any order.',
  bad_currency: 'The currency is no ISO 4217 code.',
  currency_mismatch: "The amount's sign is of another currency than the record or the shop states.",
  unknown_status: 'The status is a word that the layout does not know.',
  order_values_differ: 'Lines of one order state different customers, totals or currencies.',
  order_incomplete: 'Another line of this order could not be read, so its amount would be too low.',
  anonymous_answer:
    'The answer is of nobody in particular: e-mail address, phone number and customer number are blank.',
  no_person: 'The record names nobody: what stands for e-mail address, phone or customer number is blank or none.',
  not_suppressed: 'The record is of somebody who is not suppressed: subscribed, or without a suppression.',
  missing_score: 'The score is blank.',
  bad_score: 'The score is no number.',
  score_not_whole: 'The score is no whole number.',
  score_out_of_range: 'The score lies outside of its scale: 0 to 10 for NPS, 1 to 5 for CSAT.',
  unknown_question: 'The question is neither NPS nor CSAT.',
} as const;

export type RejectReason = keyof typeof rejectReasons;

/** Reasons of records that were not meant to be taken to begin with: they do not count as lost. */
export const notMeant: ReadonlySet<RejectReason> = new Set([
  'summary_row',
  'repeated_header',
  'no_sale',
  'anonymous_answer',
  'not_suppressed',
]);

/** Reason codes by number. */
export const reasonCodes = Object.keys(rejectReasons) as RejectReason[];

const numbers = new Map(reasonCodes.map((code, i) => [code, i]));

/** The number by which a reason is stored. */
export const reasonNumber = (code: RejectReason): number => numbers.get(code)!;
