import type { RowOf } from '../lake/column.ts';
import type { customerFeatures } from '../lake/tables/features.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import { methodInput } from '../model/methods.ts';
import { loadModel } from '../model/model-file.ts';
import { rulesModelId } from '../pipeline.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import type { ReasonCode } from '../wording/reason-codes.ts';
import { type Judgement, judgeByModel, judgeByRules } from './judge.ts';
import { reasonFacts, reasonGroups, reasonNumber } from './reason-groups.ts';
import { groupsOf, partsOf } from './reasons.ts';

/** A score computed again is not the one in the table: model, features or code are not those of the night. */
export class ScoreDiffers extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** One feature of one customer: its value as the model sees it, and what it adds to the probability. */
export interface FeaturePart {
  readonly feature: string;
  readonly value: number;
  readonly points: number;
}

/** Features that come to one sentence, with what they add together; no sentence where the customer's orders bear none out. */
export interface GroupPart {
  readonly points: number;
  readonly code: ReasonCode | null;
  readonly number: number | null;
  readonly features: readonly FeaturePart[];
}

/** A score taken apart: base + the points of all groups = 100 × probability. */
export interface Explanation {
  readonly probability: number;
  /** In percentage points, like all points. */
  readonly base: number;
  /** Strongest first. */
  readonly groups: readonly GroupPart[];
}

/** Rows of the table as the model reads them from its file. */
export function featureRowsOf(rows: readonly RowOf<typeof customerFeatures.columns>[]): FeatureRows {
  const value = (row: (typeof rows)[number], name: string) => row[name as keyof typeof row];
  return {
    rows: rows.length,
    customerKeys: rows.map((row) => row.customer_key),
    numbers: (name, ifNull = 0) => Float64Array.from(rows, (row) => Number(value(row, name) ?? ifNull)),
    texts: (name) => rows.map((row) => (value(row, name) ?? null) as string | null),
  };
}

const tolerance = 1e-9;

function check(key: string, stored: number, { base, groups, probability }: Explanation): void {
  const sum = groups.reduce((total, { points }) => total + points, base) / 100;
  if (Math.abs(probability - stored) <= tolerance && Math.abs(sum - stored) <= tolerance) return;
  throw new ScoreDiffers(
    `the score of ${key} is ${stored}, and its model and features give ${probability} (parts add up to ${sum})`,
    'Run the night of this date again: it was scored by another version.',
  );
}

/**
 * Takes the published score of one customer apart, from the model in the lake and the night's features.
 * @param stored the score of the table, which must come out again
 * @throws ScoreDiffers when it does not
 * @throws ModelMissing when the model is not in the lake
 */
export async function explainCustomer(
  store: ObjectStore,
  row: RowOf<typeof customerFeatures.columns>,
  stored: { readonly probability: number; readonly modelId: string; readonly horizonDays: number },
): Promise<Explanation> {
  const rows = featureRowsOf([row]);
  const isRules = stored.modelId === rulesModelId;
  const model = isRules ? null : await loadModel(store, stored.modelId);
  const judged: Judgement = model
    ? judgeByModel(model, stored.modelId, rows, 0)
    : judgeByRules(rows, stored.horizonDays);
  const { vector } = methodInput(rows, stored.horizonDays, model?.bgNbd ?? null);
  const told = (feature: string) => vector.columns[vector.names.indexOf(feature)]?.[0] ?? rows.numbers(feature)[0];
  const { names, base } = judged.additive;
  const group = groupsOf(names);
  const facts = reasonFacts(rows);
  const groups: GroupPart[] = [];
  judged.additive.forEach((_, contributions) => {
    const sums = reasonGroups.map((_, index) =>
      contributions.reduce((sum, value, f) => (group[f] === index ? sum + value : sum), 0),
    );
    for (const part of partsOf(sums, facts, 0)) {
      const features = names.flatMap((feature, f): FeaturePart[] =>
        part.groups.includes(group[f] as number)
          ? [{ feature, value: told(feature) ?? 0, points: 100 * (contributions[f] as number) }]
          : [],
      );
      if (features.length === 0) continue;
      const number = part.code === null ? null : reasonNumber(facts, part.code, 0);
      groups.push({ points: part.points, code: part.code, number, features });
    }
  });
  const explanation = { probability: judged.risk[0] as number, base: 100 * base, groups };
  check(row.customer_key, stored.probability, explanation);
  return explanation;
}

/**
 * Parts rounded to tenths so that they add up to the rounded whole, as a reader will check (largest remainders are rounded
 * up first). Points of a hundred.
 */
export function tenths(parts: readonly number[], whole: number): number[] {
  const target = Math.round(whole * 10);
  const floors = parts.map((part) => Math.floor(part * 10));
  const missing = target - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = parts
    .map((part, index) => ({ index, rest: part * 10 - (floors[index] as number) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) floors[index] = (floors[index] as number) + 1;
  return floors.map((value) => value / 10);
}
