import type { FeatureRows } from '../model/feature-rows.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';
import type { Additive } from './contributions.ts';
import { type ReasonFacts, reasonCode, reasonFacts, reasonGroups, reasonKinds, reasonNumber } from './reason-groups.ts';

/** One reason of one customer: what, the number that its sentence names, and what it adds in percentage points. */
export interface Reason {
  readonly code: ReasonCode;
  readonly value: number;
  readonly points: number;
}

const mostReasons = 3;

/** Percentage points below which nobody needs to know. */
const leastPoints = 0.5;

/** Number of the group that each feature belongs to. */
export const groupsOf = (names: readonly string[]): number[] =>
  names.map((name) => reasonGroups.findIndex((group) => group.features.includes(name)));

/** What one sentence stands for: the groups that say it in one direction, and what they add together. */
export interface Part {
  /** Null where the customer's orders bear no sentence out. */
  readonly code: ReasonCode | null;
  /** In percentage points. */
  readonly points: number;
  readonly groups: readonly number[];
}

/**
 * A score's parts, strongest first: groups that come to the same sentence in the same direction are one.
 * @param sums what each group adds to the probability
 */
export function partsOf(sums: ArrayLike<number>, facts: ReasonFacts, row: number): Part[] {
  const parts = new Map<string, Part>();
  for (const [index, group] of reasonGroups.entries()) {
    const points = 100 * (sums[index] as number);
    const code = points === 0 ? null : reasonCode(group, points > 0, facts, row);
    const name = code === null ? `group ${index}` : `${code} ${points > 0}`;
    const known = parts.get(name);
    parts.set(name, { code, points: (known?.points ?? 0) + points, groups: [...(known?.groups ?? []), index] });
  }
  return [...parts.values()].sort(
    (a, b) => Math.abs(b.points) - Math.abs(a.points) || (a.groups[0] as number) - (b.groups[0] as number),
  );
}

/**
 * Up to three reasons per customer, strongest first, each of another kind: why somebody at risk is at risk, or what keeps
 * somebody who is not. Their points are the exact contributions of their features to the probability.
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
  const reasons: Reason[] = [];
  const kinds = new Set<string>();
  for (const { code, points } of partsOf(sums, facts, row)) {
    if (code === null || raises !== points > 0 || Math.abs(points) < leastPoints) continue;
    const kind = reasonKinds[code];
    if (kinds.has(kind) || reasons.length === mostReasons) continue;
    kinds.add(kind);
    reasons.push({ code, value: reasonNumber(facts, code, row), points });
  }
  if (reasons.length > 0) return reasons;
  const code = 'days_since_last_order';
  return [{ code, value: reasonNumber(facts, code, row), points: 100 * (sums[silenceGroup] as number) }];
}

const silenceGroup = reasonGroups.findIndex((group) => group.raises === 'days_since_last_order');
