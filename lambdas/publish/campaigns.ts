import type { Parameter, Parameters } from '../platform/statement.ts';

/**
 * A campaign as data: who is on it, and what to offer. The first campaign in this list that a customer fits takes them,
 * so nobody is on two.
 */
export interface Campaign {
  readonly name: string;
  readonly minOrders: number;
  readonly maxOrders: number;
  /** Risk bands that take part. */
  readonly bands: readonly ('high' | 'medium' | 'low')[];
  /** Slice of the candidates by value at risk, in percent from the top: 0 to 20 is the most valuable fifth. */
  readonly valueFromPct: number;
  readonly valueToPct: number;
  /** Days since the last order, as multiples of the horizon, between which somebody can be won back. */
  readonly minRecencyHorizons: number;
  readonly maxRecencyHorizons: number;
  /** Only customers who have been silent for longer than their own average gap. */
  readonly onlyOverdue: boolean;
  readonly cause: string;
  readonly offer: string;
}

const many = 1_000_000;

const winBack = {
  minOrders: 2,
  maxOrders: many,
  bands: ['high', 'medium'],
  minRecencyHorizons: 0.15,
  maxRecencyHorizons: 3,
  onlyOverdue: true,
  cause: 'at_risk',
} as const;

export const campaigns: readonly Campaign[] = [
  { ...winBack, name: 'win_back_high', valueFromPct: 0, valueToPct: 20, offer: 'personal_call' },
  { ...winBack, name: 'win_back_medium', valueFromPct: 20, valueToPct: 50, offer: 'coupon_15' },
  { ...winBack, name: 'win_back_low', valueFromPct: 50, valueToPct: 100, offer: 'reminder' },
  {
    name: 'second_order',
    minOrders: 1,
    maxOrders: 1,
    bands: ['high', 'medium', 'low'],
    valueFromPct: 0,
    valueToPct: 100,
    minRecencyHorizons: 0.15,
    maxRecencyHorizons: 1.5,
    onlyOverdue: false,
    cause: 'one_order',
    offer: 'free_shipping',
  },
];

/** The campaigns as rows of the membership statement. */
export function campaignParameters(list: readonly Campaign[], horizonDays: number): Parameters {
  const rows: Parameter = {
    rows: list.map((campaign, index) => [
      { integer: index + 1 },
      { token: campaign.name },
      { integer: campaign.minOrders },
      { integer: campaign.maxOrders },
      { integer: campaign.bands.includes('high') ? 1 : 0 },
      { integer: campaign.bands.includes('medium') ? 1 : 0 },
      { integer: campaign.bands.includes('low') ? 1 : 0 },
      { integer: campaign.valueFromPct },
      { integer: campaign.valueToPct },
      { integer: Math.round(campaign.minRecencyHorizons * horizonDays) },
      { integer: Math.round(campaign.maxRecencyHorizons * horizonDays) },
      { integer: campaign.onlyOverdue ? 1 : 0 },
      { token: campaign.cause },
      { token: campaign.offer },
    ]),
  };
  return { campaigns: rows };
}
