import type { FeatureRows } from '../model/feature-rows.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';
import type { Additive } from './contributions.ts';
import { type ReasonFacts, reasonCode, reasonFacts, reasonGroups, reasonNumber } from './reason-groups.ts';

/** One reason of one customer: what, the number that its sentence names, and what it adds in percentage points. */
export interface Reason {
  readonly code: ReasonCode;
  readonly value: number;
  readonly points: number;
}

const mostReasons = 3;

/** Number of the group that each feature belongs to. */
export const groupsOf = (names: readonly string[]): number[] =>
  names.map((name) => reasonGroups.findIndex((group) => group.features.includes(name)));

/**
 * Up to three reasons per customer, strongest first: why somebody at risk is at risk, or what keeps somebody who is not.
 * Their points are the exact contributions of their features to the probability.
 * @param probabilities what the method gave for these rows
 * @param atRiskFrom probability from which a customer is at risk: above it the reasons are those that raise the score,
 * below it those that lower it
 */
export function reasonsFor(
  additive: Additive,
  rows: FeatureRows,
  probabilities: Float64Array,
  atRiskFrom: number,
): readonly (readonly Reason[])[] {
  const groups = groupsOf(additive.names);
  const facts = reasonFacts(rows);
  const sums = new Float64Array(reasonGroups.length);
  const result: Reason[][] = [];
  additive.forEach((row, contributions) => {
    sums.fill(0);
    for (const [f, contribution] of contributions.entries()) {
      const group = groups[f] as number;
      if (group >= 0) sums[group] = (sums[group] as number) + contribution;
    }
    result[row] = strongestReasons(sums, (probabilities[row] as number) >= atRiskFrom, facts, row);
  });
  return result;
}

function strongestReasons(sums: Float64Array, raises: boolean, facts: ReasonFacts, row: number): Reason[] {
  const strongest = [...sums.entries()]
    .filter(([, sum]) => (raises ? sum > 0 : sum < 0))
    .sort(([g, a], [h, b]) => Math.abs(b) - Math.abs(a) || g - h);
  const reasons = new Map<ReasonCode, Reason>();
  for (const [index, sum] of strongest) {
    const group = reasonGroups[index];
    const code = group ? reasonCode(group, raises, facts, row) : null;
    if (code === null || reasons.has(code) || reasons.size === mostReasons) continue;
    reasons.set(code, { code, value: reasonNumber(facts, code, row), points: 100 * sum });
  }
  if (reasons.size > 0) return [...reasons.values()];
  const code = 'days_since_last_order';
  return [{ code, value: reasonNumber(facts, code, row), points: 100 * (sums[silenceGroup] as number) }];
}

const silenceGroup = reasonGroups.findIndex((group) => group.raises === 'days_since_last_order');
