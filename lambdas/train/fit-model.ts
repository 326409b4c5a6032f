import { isoDate } from '../lake/day.ts';
import type { BgNbdFit } from '../model/bgnbd.ts';
import type { FeatureRows } from '../model/feature-rows.ts';
import { featureImportance } from '../model/forest.ts';
import { refereeForest } from '../model/library-forest.ts';
import { takeRows } from '../model/matrix.ts';
import {
  blendOf,
  type FittedMethod,
  fitBaseline,
  fitLinear,
  fitPurchaseProcess,
  type MethodInput,
  type MethodName,
} from '../model/methods.ts';
import { type ChurnModel, cardFormat, type ModelCard } from '../model/model-file.ts';
import type { StepInput } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { cardFacts } from './card-facts.ts';
import { referenceOf } from './drift.ts';
import { fitChurnForest, fitSpendForest, inputOf } from './fit-forest.ts';
import { atLevel, type Beliefs } from './level.ts';
import { at, type LabelledRows, latestDate, where } from './snapshots.ts';

/** Rows on which ml-random-forest must agree with our scorer, vote for vote, before a forest is promoted. */
const refereeRows = 500;

/** A method fitted on everything that is known, and what the referee said of it. */
export interface Fitted {
  readonly method: FittedMethod;
  readonly bgNbd: BgNbdFit;
  readonly referee: ModelCard['referee'];
}

function referee(forest: Parameters<typeof refereeForest>[0], { vector }: MethodInput): ModelCard['referee'] {
  const step = Math.max(1, Math.floor(vector.rows / refereeRows));
  const sample = takeRows(
    vector,
    Array.from({ length: Math.min(refereeRows, vector.rows) }, (_, i) => i * step),
  );
  const { rows, disagreements } = refereeForest(forest, sample);
  return { rows, disagreements };
}

/**
 * Fits the chosen method on all labelled rows, to score tonight's buyers.
 * @param buyers an even sample of them
 */
export async function fitChosen(
  context: Context,
  rows: LabelledRows,
  chosen: { readonly basis: MethodName; readonly beliefs: Beliefs },
  { night, horizon }: Pick<StepInput<'train'>, 'night' | 'horizon'>,
  buyers: FeatureRows,
): Promise<Fitted> {
  const { basis, beliefs } = chosen;
  const { horizonDays } = horizon;
  const bgNbd = fitPurchaseProcess(at(rows, latestDate(rows) as number).rows);
  const methods = inputOf(rows, horizonDays, bgNbd);
  if (basis !== 'forest' && basis !== 'blend') {
    return { method: fitBaseline(basis, methods, rows.lost, bgNbd), bgNbd, referee: null };
  }
  const forest = await fitChurnForest(context.config.model, methods.vector, rows.lost);
  const judged = referee(forest, methods);
  if (basis === 'forest') return { method: { basis: 'forest', forest }, bgNbd, referee: judged };
  const plain = blendOf(forest, fitLinear(methods, rows.lost), rows.lost.length);
  const occasion = { date: night.run.asOf, horizonDays, known: rows, buyers };
  return { method: atLevel({ method: plain, bgNbd }, occasion, beliefs), bgNbd, referee: judged };
}

const share = (lost: Uint8Array): number => (100 * lost.reduce((sum, value) => sum + value, 0)) / lost.length;

/** What the figures of a model say, beside the model. */
export type Findings = Pick<ModelCard, 'reason' | 'inForce' | 'metrics' | 'calibration' | 'replaced' | 'believed'>;

/** A fitted method with its spend forest and its card: everything that scoring and readers need. */
export async function makeModel(
  context: Context,
  input: StepInput<'train'>,
  rows: LabelledRows,
  buyers: FeatureRows,
  { method, bgNbd, referee: judged }: Fitted,
  findings: Findings,
): Promise<ChurnModel> {
  const { horizonDays } = input.horizon;
  const settings = context.config.model;
  const { trainer, trees, max_depth, min_leaf_pct, seed } = settings;
  const bought = where(rows, (row) => rows.lost[row] === 0);
  const spendInput = inputOf(bought, horizonDays, bgNbd);
  const spend = await fitSpendForest(settings, spendInput.vector, bought.spend);
  const importance = 'forest' in method ? featureImportance(method.forest) : new Float64Array();
  const { names } = spendInput.vector;
  const card: ModelCard = {
    formatVersion: cardFormat,
    basis: method.basis,
    ...findings,
    verdict: 'forest' in method ? 'promoted' : 'baseline',
    label: `no purchase in the ${horizonDays} days after the date`,
    horizonDays,
    trainedOn: isoDate(input.night.run.asOf),
    snapshotDates: [...new Set(rows.dates)].sort((a, b) => a - b).map(isoDate),
    training: { trainer, trees, max_depth, min_leaf_pct, seed },
    rows: rows.rows.rows,
    customers: new Set(rows.rows.customerKeys).size,
    churnRatePct: share(rows.lost),
    sampleRatePct: input.features.sampleRatePct,
    features: names,
    featureImportance: Object.fromEntries([...importance].map((value, f) => [names[f] as string, value])),
    referee: judged,
    ...(await cardFacts(context.engine, input.night)),
    reference: referenceOf({ method, bgNbd }, horizonDays, buyers, rows),
  };
  return { method, spend, bgNbd, card };
}
