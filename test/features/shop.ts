import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Line, Order } from './oracle.ts';

export const customerKey = (name: string | number): string =>
  createHash('sha256').update(`customer ${name}`).digest('hex').slice(0, 32);

export interface OrderSpec {
  readonly customer: number | null;
  readonly day: number;
  readonly status: 'completed' | 'pending' | 'cancelled' | 'refunded' | 'credit_note' | 'test' | 'failed';
  /** In ten-thousandths. */
  readonly gross: bigint;
  readonly refundedShare: 0 | 1 | 2;
  readonly discount: bigint | null;
  readonly revisedAfter: number;
  readonly hasRate: boolean;
  readonly hour: number;
  readonly country: string | null;
  readonly channel: string | null;
  readonly lines: readonly {
    readonly sku: string | null;
    readonly product: string | null;
    readonly category: string | null;
  }[];
}

export const plainOrder = (customer: number, day: number, gross = 100_000n): OrderSpec => ({
  customer,
  day,
  status: 'completed',
  gross,
  refundedShare: 0,
  discount: null,
  revisedAfter: 0,
  hasRate: true,
  hour: 12,
  country: null,
  channel: null,
  lines: [],
});

const maybe = <T>(...values: T[]) => fc.constantFrom<T | null>(null, ...values);

/** Days on which the windows of the features begin or end, before the date that they look back from. */
const edges = [-1, 0, 0, 29, 30, 89, 90, 179, 180, 364, 365];

/**
 * Orders of a small shop with many ties, dated from `span` days before to `after` days after a date; many lie on the same
 * days and on the edges of windows, and many refunds and cancellations become known on such a day.
 */
export const arbitraryOrders = (
  asOf: number,
  span: number,
  after: number,
  maxLength: number,
): fc.Arbitrary<OrderSpec[]> =>
  fc.array(
    fc.record({
      customer: fc.oneof({ weight: 12, arbitrary: fc.nat({ max: 6 }) }, { weight: 1, arbitrary: fc.constant(null) }),
      day: fc.oneof(
        fc.integer({ min: asOf - span, max: asOf + after }),
        fc.constantFrom(...edges.map((edge) => asOf - edge).filter((day) => day >= asOf - span && day <= asOf + after)),
      ),
      status: fc.oneof(
        { weight: 6, arbitrary: fc.constant('completed' as const) },
        { weight: 1, arbitrary: fc.constantFrom('pending' as const, 'test' as const, 'failed' as const) },
        { weight: 3, arbitrary: fc.constantFrom('cancelled' as const, 'refunded' as const, 'credit_note' as const) },
      ),
      gross: fc.constantFrom(0n, 100_000n, 100_000n, 250_001n, 999_999n),
      refundedShare: fc.constantFrom(0 as const, 0 as const, 1 as const, 2 as const),
      discount: maybe(0n, 12_345n),
      revisedAfter: fc.constantFrom(0, 0, 1, 20, 29, 30, 90, 180, 200),
      hasRate: fc.constantFrom(true, true, true, true, true, true, true, false),
      hour: fc.constantFrom(8, 12, 12),
      country: maybe('DE', 'HU'),
      channel: maybe('web', 'pos'),
      lines: fc.array(
        fc.record({ sku: maybe('s1', 's2', 's3'), product: maybe('p1', 'p2'), category: maybe('toys', 'art', 'art') }),
        { maxLength: 3 },
      ),
    }),
    { maxLength, size: 'max' },
  );

/** Rows of `orders` and `order_lines`, as curate leaves them. */
export function shopOf(specs: readonly OrderSpec[]): { orders: Order[]; lines: Line[] } {
  const orders = specs.map((spec, i): Order => {
    const isNote = spec.status === 'credit_note';
    const refunded = isNote || spec.refundedShare === 2 ? spec.gross : spec.refundedShare === 1 ? spec.gross / 3n : 0n;
    const gross = isNote ? 0n : spec.gross;
    const revisedOn = spec.day + spec.revisedAfter;
    const cancelledOn = spec.status === 'cancelled' ? revisedOn : null;
    const refundedOn = refunded > 0n ? (isNote ? spec.day : revisedOn) : null;
    return {
      source: i % 5 === 0 ? 'outlet' : 'shop',
      order_id: `order-${String(i).padStart(4, '0')}`,
      ingest_id: 'ingest',
      record_no: i + 1,
      versions_seen: 1,
      version_seq: i + 1,
      customer_key: spec.customer === null ? null : customerKey(spec.customer),
      ordered_at: BigInt(spec.day * 24 + spec.hour) * 3_600_000_000n,
      order_date: spec.day,
      status: spec.status,
      currency: spec.hasRate ? 'EUR' : 'XAU',
      gross_amount: gross,
      refunded_amount: refunded,
      net_amount: gross - refunded,
      gross_reporting: spec.hasRate ? gross : null,
      refunded_reporting: spec.hasRate ? refunded : null,
      discount_reporting: spec.hasRate ? spec.discount : null,
      is_sale: ['completed', 'refunded', 'cancelled'].includes(spec.status) && gross > 0n,
      refund_known_on: refundedOn,
      void_on: cancelledOn ?? (refundedOn !== null && refunded >= gross ? refundedOn : null),
      cancel_known_on: cancelledOn,
      country: spec.country,
      channel: spec.channel,
      line_count: spec.lines.length,
    };
  });
  const lines = orders.flatMap((order, i) =>
    (specs[i]?.lines ?? []).map(
      (line, index): Line => ({
        source: order.source,
        order_id: order.order_id,
        line_no: index + 1,
        customer_key: order.customer_key,
        order_date: order.order_date,
        ...line,
        quantity: 10_000n,
        unit_price: 10_000n,
        amount: 10_000n,
      }),
    ),
  );
  return { orders, lines };
}
