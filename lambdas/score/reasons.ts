import { applyCalibrator } from '../model/calibration.ts';
import { forEachContributions } from '../model/explain-forest.ts';
import { linearVector } from '../model/feature-vector.ts';
import type { Forest } from '../model/forest.ts';
import { type LogisticModel, sigmoid } from '../model/logistic.ts';
import type { FeatureMatrix } from '../model/matrix.ts';
import type { FittedMethod, MethodInput } from '../model/methods.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';
import {
  type ReasonFacts,
  type ReasonGroup,
  reasonCode,
  reasonFacts,
  reasonGroups,
  reasonNumber,
} from './reason-groups.ts';

/** One reason of one customer: what, the number that its sentence names, and what it adds in percentage points. */
export interface Reason {
  readonly code: ReasonCode;
  readonly value: number;
  readonly points: number;
}

/** Contributions of each feature in the unit in which a method adds up. */
interface Additive {
  readonly matrix: FeatureMatrix;
  /** The contributions add up to what the method gives; otherwise they only weigh against each other. */
  readonly isExact: boolean;
  forEach(visit: (row: number, contributions: Float64Array) => void): void;
}

function linearAdditive(model: LogisticModel, matrix: FeatureMatrix): Additive {
  const slopes = model.coefficients.map((coefficient, f) => coefficient / (model.scale[f] || 1));
  const contributions = new Float64Array(matrix.names.length);
  return {
    matrix,
    isExact: true,
    forEach(visit) {
      for (let row = 0; row < matrix.rows; row++) {
        for (let f = 0; f < slopes.length; f++) {
          contributions[f] = (slopes[f] as number) * ((matrix.columns[f]?.[row] as number) - (model.mean[f] as number));
        }
        visit(row, contributions);
      }
    },
  };
}

/**
 * BG/NBD knows a customer only by when and how often they bought, and has no additive parts: silence, silence against the
 * own rhythm and frequency are weighed by how far they lie from the average of these rows. The RFM sum likewise.
 */
function silenceOnly(input: MethodInput): Additive {
  const names = ['recency_days', 'overdue', 'frequency'];
  const columns = names.map((name) => input.vector.columns[input.vector.names.indexOf(name)] as Float64Array);
  const matrix = { names, rows: input.vector.rows, columns };
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / Math.max(1, column.length));
  const scale = columns.map((column, f) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - (mean[f] as number)) ** 2, 0) / Math.max(1, column.length)),
  );
  return { ...linearAdditive({ names, intercept: 0, coefficients: [1, 1, -1], mean, scale }, matrix), isExact: false };
}

function additiveOf(method: FittedMethod, input: MethodInput): Additive {
  switch (method.basis) {
    case 'forest':
      return {
        matrix: input.vector,
        isExact: true,
        forEach: (visit) => forEachContributions(method.forest, input.vector, visit),
      };
    case 'logistic':
      return linearAdditive(method.linear, linearVector(input.vector));
    case 'recency':
    case 'rfm':
    case 'bgnbd':
      return silenceOnly(input);
  }
}

const mostReasons = 3;

/** What the score of a row is held against. */
export interface Reference {
  /** Probability of the average customer: what contributions are measured from. */
  readonly average: number;
  /** Probability from which a customer is at risk: above it the reasons are those that raise the score, else those that lower it. */
  readonly atRiskFrom: number;
}

/** Percentage points of one unit of contribution. Exact sums are scaled to the distance from the average customer. */
function pointsPerUnit(additive: Additive, sums: Float64Array, total: number, distance: number): number {
  if (additive.isExact) return total === 0 ? 0 : 100 * Math.abs(distance / total);
  const sameWay = sums.reduce((sum, value) => (value > 0 === distance > 0 ? sum + Math.abs(value) : sum), 0);
  return sameWay === 0 ? 0 : (100 * Math.abs(distance)) / sameWay;
}

/**
 * Up to three reasons per customer, strongest first: why somebody at risk is at risk, or what keeps somebody who is not.
 * The contributions of a forest (Saabas) and of a logistic regression are exact and additive; where a score is a
 * transformed sum they are scaled so that they add up to its distance from the average customer's.
 * @param probabilities what the method gave for these rows
 */
export function reasonsFor(
  method: FittedMethod,
  input: MethodInput,
  probabilities: Float64Array,
  { average, atRiskFrom }: Reference,
): readonly (readonly Reason[])[] {
  const additive = additiveOf(method, input);
  const groupIndex = additive.matrix.names.map((name) =>
    reasonGroups.findIndex((group) => group.features.includes(name)),
  );
  const facts = reasonFacts(input.rows);
  const sums = new Float64Array(reasonGroups.length);
  const result: Reason[][] = [];
  additive.forEach((row, contributions) => {
    sums.fill(0);
    let total = 0;
    for (const [f, contribution] of contributions.entries()) {
      total += contribution;
      const group = groupIndex[f] as number;
      if (group >= 0) sums[group] = (sums[group] as number) + contribution;
    }
    const probability = probabilities[row] as number;
    const points = pointsPerUnit(additive, sums, total, probability - average);
    result[row] = strongestReasons(sums, probability >= atRiskFrom, points, facts, row);
  });
  return result;
}

function strongestReasons(
  sums: Float64Array,
  raises: boolean,
  points: number,
  facts: ReasonFacts,
  row: number,
): Reason[] {
  const strongest = [...sums.entries()]
    .filter(([, sum]) => (raises ? sum > 0 : sum < 0))
    .sort(([g, a], [h, b]) => Math.abs(b) - Math.abs(a) || g - h);
  const reasons = new Map<ReasonCode, Reason>();
  for (const [group, sum] of strongest) {
    const code = reasonCode(reasonGroups[group] as ReasonGroup, raises, facts, row);
    if (code === null || reasons.has(code) || reasons.size === mostReasons) continue;
    reasons.set(code, { code, value: reasonNumber(facts, code, row), points: sum * points });
  }
  if (reasons.size > 0) return [...reasons.values()];
  const code = 'days_since_last_order';
  return [{ code, value: reasonNumber(facts, code, row), points: (sums[silenceGroup] as number) * points }];
}

const silenceGroup = reasonGroups.findIndex((group) => group.raises === 'days_since_last_order');

/** Mean prediction of the roots: what a forest says of a customer of whom nothing is known. */
function rootMean({ treeStart, value, trees }: Forest): number {
  let sum = 0;
  for (let tree = 0; tree < trees; tree++) sum += value[treeStart[tree] as number] as number;
  return sum / trees;
}

/**
 * Probability of the average customer: what contributions are measured from.
 * @param churnRate share of lost among the rows of training
 */
export function averageProbability(method: FittedMethod, churnRate: number): number {
  if (method.basis === 'logistic') return sigmoid(method.linear.intercept);
  if (method.basis !== 'forest') return churnRate;
  const base = rootMean(method.forest);
  return method.calibrator ? (applyCalibrator(method.calibrator, [base])[0] as number) : base;
}
