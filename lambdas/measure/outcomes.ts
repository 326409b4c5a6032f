import { count, date, money, type RowOf, real, text } from '../lake/column.ts';
import type { ResultShape } from '../platform/query-engine.ts';
import type { Draw } from '../statistics/sample-ratio.ts';

/** Judged customers of one arm who brought in the same: a campaign's are in `campaign`, those of all campaigns in `pool`. */
export const outcomeShape = {
  columns: {
    scope: text('campaign: by the first episode in it; pool: by the first episode of all.'),
    campaign: text('Campaign of the episode.'),
    arm: text('treatment or control.'),
    control_share_pct: real('Share that control was drawn with.'),
    net_revenue: money('Net revenue of each of them in the window.'),
    customers: count('Customers.'),
    reactivated: count('Those of them who bought in the window.'),
    contaminated: count('Those of them who have been in both arms.'),
    cost: money('What contacting them cost.'),
    first_entered_on: date('Earliest episode.'),
    last_entered_on: date('Latest episode.'),
  },
  key: ['scope', 'campaign', 'arm', 'control_share_pct', 'net_revenue'],
} as const satisfies ResultShape;

export type OutcomeRow = RowOf<typeof outcomeShape.columns>;

/** What became of one arm. */
export interface ArmOutcome {
  readonly customers: number;
  readonly reactivated: number;
  /** Net revenue of all of them, in ten-thousandths. */
  readonly revenue: bigint;
  /** Net revenue, in currency units, of each who brought in anything. */
  readonly amounts: Float64Array;
}

/** What became of the people who entered one campaign, each counted once. */
export interface Outcome {
  readonly campaign: string;
  readonly treated: ArmOutcome;
  readonly controls: ArmOutcome;
  readonly draws: readonly Draw[];
  readonly contaminated: number;
  readonly cost: bigint;
  readonly firstEnteredOn: number;
  readonly lastEnteredOn: number;
}

/** Numbers that grow in number without an object each. */
function growing() {
  let numbers = new Float64Array(64);
  let length = 0;
  return {
    add(value: number, times: number): void {
      if (length + times > numbers.length) {
        const wider = new Float64Array(Math.max(length + times, 2 * numbers.length));
        wider.set(numbers);
        numbers = wider;
      }
      numbers.fill(value, length, length + times);
      length += times;
    },
    all: (): Float64Array => numbers.subarray(0, length),
  };
}

function armTally() {
  let customers = 0;
  let reactivated = 0;
  let revenue = 0n;
  const amounts = growing();
  return {
    add(row: OutcomeRow): void {
      customers += row.customers;
      reactivated += row.reactivated;
      revenue += row.net_revenue * BigInt(row.customers);
      if (row.net_revenue !== 0n) amounts.add(Number(row.net_revenue) / 10_000, row.customers);
    },
    outcome: (): ArmOutcome => ({ customers, reactivated, revenue, amounts: amounts.all() }),
  };
}

function tally(campaign: string) {
  const treated = armTally();
  const controls = armTally();
  const draws: Draw[] = [];
  let contaminated = 0;
  let cost = 0n;
  let firstEnteredOn = Number.POSITIVE_INFINITY;
  let lastEnteredOn = Number.NEGATIVE_INFINITY;
  return {
    add(row: OutcomeRow): void {
      const isControl = row.arm === 'control';
      (isControl ? controls : treated).add(row);
      const { customers } = row;
      draws.push({ customers, controls: isControl ? customers : 0, share: row.control_share_pct / 100 });
      contaminated += row.contaminated;
      cost += row.cost;
      firstEnteredOn = Math.min(firstEnteredOn, row.first_entered_on);
      lastEnteredOn = Math.max(lastEnteredOn, row.last_entered_on);
    },
    outcome: (): Outcome => ({
      campaign,
      treated: treated.outcome(),
      controls: controls.outcome(),
      draws,
      contaminated,
      cost,
      firstEnteredOn,
      lastEnteredOn,
    }),
  };
}

/** What is judged: each campaign by itself, and the pool with a stratum for each campaign. */
export interface Outcomes {
  readonly campaigns: readonly Outcome[];
  readonly pool: readonly Outcome[];
}

/** Adds rows up as they come; what is kept is one number per customer who brought in anything. */
export async function gatherOutcomes(rows: AsyncIterable<OutcomeRow>): Promise<Outcomes> {
  const tallies = {
    campaign: new Map<string, ReturnType<typeof tally>>(),
    pool: new Map<string, ReturnType<typeof tally>>(),
  };
  for await (const row of rows) {
    const scope = tallies[row.scope === 'pool' ? 'pool' : 'campaign'];
    const found = scope.get(row.campaign) ?? tally(row.campaign);
    scope.set(row.campaign, found);
    found.add(row);
  }
  const outcomes = (scope: keyof typeof tallies) => [...tallies[scope].values()].map((each) => each.outcome());
  return { campaigns: outcomes('campaign'), pool: outcomes('pool') };
}
