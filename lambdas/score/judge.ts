import { expectedPurchases, probabilityAlive } from '../model/bgnbd.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import { bgNbdHistory } from '../model/feature-vector.ts';
import { lossProbabilities, methodInput } from '../model/methods.ts';
import type { ChurnModel } from '../model/model-file.ts';
import { scoreForest } from '../model/score-forest.ts';
import { rulesModelId, type ScoreBasis } from '../pipeline.ts';
import { type Additive, additiveOf } from './contributions.ts';
import { type Reason, reasonsFor } from './reasons.ts';
import { averageOrderValue, ruleParts, ruleReasons, ruleRisk } from './rules.ts';

/** What a model or the rules say of some rows. */
export interface Judgement {
  readonly basis: ScoreBasis;
  readonly modelId: string;
  readonly risk: Float64Array;
  /** Expected net spend in the horizon of somebody who buys, in units of money. */
  readonly spend: Float64Array;
  /** What the risk is made of. */
  readonly additive: Additive;
  readonly reasons: readonly (readonly Reason[])[];
  readonly alive: Float64Array | null;
  readonly expectedOrders: Float64Array | null;
}

/**
 * Scores rows by a model.
 * @param atRiskFrom probability from which a customer is at risk
 */
export function judgeByModel(model: ChurnModel, modelId: string, rows: FeatureRows, atRiskFrom: number): Judgement {
  const { method, bgNbd, card } = model;
  const input = methodInput(rows, card.horizonDays, bgNbd);
  const risk = lossProbabilities(method, input);
  const additive = additiveOf(method, input, risk, card.reference);
  const { x, tx, T } = bgNbdHistory(rows);
  const trusted = bgNbd.degeneracy === null;
  const each = (formula: (repeats: number, tx: number, T: number) => number) =>
    x.map((repeats, i) => formula(repeats, tx[i] as number, T[i] as number));
  return {
    basis: method.basis,
    modelId,
    risk,
    spend: scoreForest(model.spend, input.vector),
    additive,
    reasons: reasonsFor(additive, rows, risk, atRiskFrom),
    alive: trusted ? each((r, t, age) => probabilityAlive(bgNbd.parameters, r, t, age)) : null,
    expectedOrders: trusted
      ? each((r, t, age) => expectedPurchases(bgNbd.parameters, r, t, age, card.horizonDays))
      : null,
  };
}

/** Ranks rows by the rules for shops without a model. */
export function judgeByRules(rows: FeatureRows, horizonDays: number): Judgement {
  const risk = ruleRisk(rows, horizonDays);
  return {
    basis: 'rules',
    modelId: rulesModelId,
    risk,
    spend: averageOrderValue(rows),
    additive: ruleParts(risk),
    reasons: ruleReasons(rows, risk),
    alive: null,
    expectedOrders: null,
  };
}
