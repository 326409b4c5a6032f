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

export const runInputs = defineTable({
  name: 'run_inputs',
  kind: 'run',
  format: 'json',
  grain: 'One ingest that a run reads.',
  key: ['ingest_id'],
  columns: {
    ingest_id: text('The ingest.'),
    input_rank: integer('Order of delivery among the inputs, from 1: decides between versions of equal age.'),
    file_name: text('Name of its file.'),
    file_sha256: text('SHA-256 of its file.'),
    source: text('The shop that the export came from.'),
  },
});

export const identities = defineTable({
  name: 'identities',
  kind: 'run',
  grain: 'One identity key that belongs to a person known under another key.',
  key: ['identity_key'],
  columns: {
    identity_key: text('An email_key, phone_key or platform_key.'),
    customer_key: text('The key of the person, seen earliest among all keys of that person.'),
  },
});

export const orders = defineTable({
  name: 'orders',
  kind: 'run',
  grain: 'One order: its winning version.',
  key: ['source', 'order_id'],
  columns: {
    source: text('The shop that the order was placed in.'),
    order_id: text('The order number.'),
    ingest_id: text('The ingest whose version won.'),
    record_no: count('Record of that file on which the order begins.', 'records'),
    versions_seen: integer('Versions of the order among the inputs.', 'versions'),
    version_seq: count('Age and delivery rank of the winning version as one number; unique per order.'),
    customer_key: optionalText('Pseudonym of the person; null where the order names no customer.'),
    ordered_at: timestamp('When the order was placed, UTC.'),
    order_date: date("Day of the order in the shop's time zone."),
    status: text('completed, pending, cancelled, failed, test, refunded or credit_note.'),
    currency: text('Currency of the exported amounts.'),
    gross_amount: money('What the order came to before refunds, as exported.', 'currency'),
    refunded_amount: money('What was paid back, as exported.', 'currency'),
    net_amount: money('gross_amount − refunded_amount.', 'currency'),
    gross_reporting: optionalMoney(
      'gross_amount in the reporting currency; null without a rate.',
      'reporting currency',
    ),
    refunded_reporting: optionalMoney(
      'refunded_amount in the reporting currency; null without a rate.',
      'reporting currency',
    ),
    discount_reporting: optionalMoney('Discount in the reporting currency; null without a rate.', 'reporting currency'),
    is_sale: flag('The order was completed (or refunded or cancelled after that) and came to more than 0.'),
    refund_known_on: optionalDate(
      'Day from which the refund counts: its own date, else the first export that shows it.',
    ),
    void_on: optionalDate('Day from which the order is no purchase any more: cancelled, or refunded in full.'),
    cancel_known_on: optionalDate('Day from which the cancellation counts.'),
    country: optionalText('Country as exported.'),
    channel: optionalText('Sales channel as exported.'),
    line_count: integer('Lines of the winning version.', 'lines'),
  },
});

export const orderLines = defineTable({
  name: 'order_lines',
  kind: 'run',
  grain: 'One line of an order: lines follow the winning version.',
  key: ['source', 'order_id', 'line_no'],
  columns: {
    source: text('The shop that the order was placed in.'),
    order_id: text('The order.'),
    line_no: integer('Position of the line within its order, from 1.'),
    customer_key: optionalText('Pseudonym of the person who ordered.'),
    order_date: date("Day of the order in the shop's time zone."),
    sku: optionalText('Article number.'),
    product: optionalText('Article name.'),
    category: optionalText('Category of the article.'),
    quantity: optionalMoney('Pieces, or another measure.', 'pieces'),
    unit_price: optionalMoney('Price of one piece, as exported.', 'currency'),
    amount: money('quantity × unit_price, as exported.', 'currency'),
  },
});

export const customers = defineTable({
  name: 'customers',
  kind: 'run',
  grain: 'One person: latest contact data and consent.',
  key: ['customer_key'],
  personal: true,
  columns: {
    customer_key: text('Pseudonym of the person, the only key outside this table.'),
    email: optionalText('Latest e-mail address.'),
    phone: optionalText('Latest phone number, as exported.'),
    customer_id: optionalText("Latest customer id of the shop's platform."),
    first_name: optionalText('Given name.'),
    last_name: optionalText('Family name.'),
    country: optionalText('Country of the latest sighting that states one.'),
    birthday: optionalDate('Day of birth.'),
    accepts_marketing: optionalFlag('Latest stated consent to marketing; null where no export ever said.'),
    first_seen_at: timestamp('Earliest order, UTC.'),
    last_seen_at: timestamp('Latest order, UTC.'),
  },
});
