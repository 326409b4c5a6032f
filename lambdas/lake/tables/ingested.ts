import {
  count,
  date,
  flag,
  integer,
  money,
  optionalDate,
  optionalFlag,
  optionalMoney,
  optionalText,
  text,
  timestamp,
} from '../column.ts';
import { defineTable } from '../table.ts';

const identity = {
  email_key: optionalText('Pseudonym of the e-mail address: HMAC-SHA-256 of its normal form, 128 bits in hex.'),
  phone_key: optionalText('Pseudonym of the phone number, made like email_key.'),
  platform_key: optionalText("Pseudonym of the shop platform's customer id, made like email_key."),
};

export const orderVersions = defineTable({
  name: 'order_versions',
  kind: 'ingested',
  grain: 'One order as one export file told it.',
  key: ['source', 'order_id', 'ingest_id'],
  columns: {
    source: text('The shop that the export came from.'),
    order_id: text('The order number as exported, or as the mapping makes it.'),
    ingest_id: text('The ingest that told this version.'),
    record_no: count('Record of the file on which the order begins, from 1.', 'records'),
    version_epoch_s: count(
      "When this version was true: the row's own updated_at, else the file's export time, else the newest timestamp in the file.",
      'seconds since 1970-01-01 UTC',
    ),
    version_on: date("Day of version_epoch_s in the shop's time zone."),
    ...identity,
    ordered_at: timestamp('When the order was placed, UTC.'),
    order_date: date("Day of the order in the shop's time zone; all day arithmetic uses it."),
    status: text('completed, pending, cancelled, failed, test, refunded or credit_note.'),
    currency: text('ISO 4217 code of the amounts; XXX where neither the file nor the configuration states one.'),
    gross_amount: money(
      'What the order came to, tax and shipping in, before refunds. 0 for a credit note.',
      'currency',
    ),
    refunded_amount: money('What was paid back on the order, or by the credit note.', 'currency'),
    discount_amount: money('What was taken off before gross_amount.', 'currency'),
    refunded_on: optionalDate('Day of the refund where the file states one.'),
    cancelled_on: optionalDate('Day of the cancellation where the file states one.'),
    country: optionalText('Country as exported.'),
    channel: optionalText('Sales channel as exported: web, pos, app.'),
    line_count: integer('Lines of the order in this file; 0 where the layout has no lines.', 'lines'),
  },
});

export const orderLineVersions = defineTable({
  name: 'order_line_versions',
  kind: 'ingested',
  grain: 'One line of one order as one export file told it.',
  key: ['source', 'order_id', 'ingest_id', 'line_no'],
  columns: {
    source: text('The shop that the export came from.'),
    order_id: text('The order that the line belongs to.'),
    ingest_id: text('The ingest that told this version.'),
    line_no: integer('Position of the line within its order, from 1.'),
    record_no: count('Record of the file that holds the line, from 1.', 'records'),
    sku: optionalText('Article number.'),
    product: optionalText('Article name.'),
    category: optionalText('Category of the article.'),
    quantity: optionalMoney('Pieces, or another measure such as kilograms.', 'pieces'),
    unit_price: optionalMoney('Price of one piece.', 'currency'),
    amount: money('quantity × unit_price.', 'currency'),
  },
});

export const customerSightings = defineTable({
  name: 'customer_sightings',
  kind: 'ingested',
  grain: 'One customer identity as one export file told it.',
  key: ['ingest_id', 'sighting_no'],
  personal: true,
  columns: {
    ingest_id: text('The ingest that told this.'),
    sighting_no: count('Number of the identity within the file, in order of first appearance, from 1.'),
    source: text('The shop that the export came from.'),
    ...identity,
    email: optionalText('E-mail address, trimmed.'),
    phone: optionalText('Phone number as exported, trimmed.'),
    customer_id: optionalText("The shop platform's customer id."),
    first_name: optionalText('Given name.'),
    last_name: optionalText('Family name.'),
    country: optionalText('Country as exported.'),
    birthday: optionalDate('Day of birth.'),
    accepts_marketing: optionalFlag('Consent to marketing; null where the export does not say.'),
    version_epoch_s: count(
      'When the contact data were true: updated_at of the order that they come from, else the time of the file.',
      'seconds since 1970-01-01 UTC',
    ),
    first_seen_at: timestamp('Earliest order of the identity in the file, UTC.'),
    last_seen_at: timestamp('Latest order of the identity in the file, UTC.'),
  },
});

export const rejectedRows = defineTable({
  name: 'rejected_rows',
  kind: 'ingested',
  grain: 'One record of an export file that was not taken.',
  key: ['ingest_id', 'record_no'],
  columns: {
    ingest_id: text('The ingest that rejected it.'),
    file_name: text('The file.'),
    record_no: count('The record within the file, from 1.', 'records'),
    reason: text('Reason code; `winback check` prints its sentence.'),
    column_name: optionalText('The column that was wrong. The value is never stored.'),
  },
});

export const receipts = defineTable({
  name: 'receipts',
  kind: 'append',
  format: 'json',
  grain: 'One ingested file: an ingest exists once its receipt does.',
  key: ['ingest_id'],
  columns: {
    ingest_id: text('SHA-256 of file bytes, parser version, ingest configuration and key id.'),
    file_sha256: text('SHA-256 of the bytes as delivered.'),
    file_name: text('Name of the file as delivered, without folders.'),
    file_bytes: count('Size as delivered.', 'bytes'),
    source: text('The shop that the export came from.'),
    kind: text('What the file tells of: orders, surveys, suppressions, or lifts of these.'),
    layout: text('Layout that the file was read with; empty when it was refused before one was known.'),
    encoding: text('Character encoding as proven by the bytes.'),
    parser_version: text('Version of the reading rules.'),
    delivered_at: text('When the file was first delivered, ISO 8601 UTC.'),
    ingested_at: text('When this ingest was last asked for, ISO 8601 UTC: the latest accepted one of a file is live.'),
    verdict: text('accepted or refused.'),
    reason: optionalText('Why the file was refused, as a sentence.'),
    records_read: count('Records in the file.', 'records'),
    orders_accepted: count('Records that became an order.', 'orders'),
    people_accepted: count('Records that became an answer of a survey, a suppression or its lift.', 'records'),
    lines_folded: count('Further records that belong to an accepted order.', 'records'),
    duplicates: count('Records that repeat another record of the file.', 'records'),
    rejected: count('Records not taken; each is in rejected_rows.', 'records'),
    conflicts: count('Orders told twice, differently, without an updated_at; the later record won.', 'orders'),
    orders_without_customer: count('Accepted orders that name no customer.', 'orders'),
    first_order_date: optionalDate('Earliest order day.'),
    last_order_date: optionalDate('Latest order day.'),
    totals: text('Per currency: orders, gross, refunded and net, as JSON with decimal text.'),
    has_updated_at: flag(
      "True when the rows carry their own updated_at, false when the file's time dates its versions.",
    ),
  },
});
