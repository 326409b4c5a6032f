import type { FeatureMatrix } from './matrix.ts';

/** How one feature was distributed when a model was trained: bins fixed then, and the share of buyers in each. */
export interface BinnedFeature {
  /** Upper ends of all bins but the last, ascending: the tenths of the buyers on the night of training, ties merged. */
  readonly edges: readonly number[];
  readonly mean: number;
  readonly median: number;
  /** Share of the buyers of the night of training per bin. */
  readonly trained: readonly number[];
  /** Share of the labelled rows per bin, by snapshot date (YYYY-MM-DD). */
  readonly labelled: Readonly<Record<string, readonly number[]>>;
}

/** What later nights are held against. */
export interface DriftReference {
  /** Buyers looked at on the night of training. */
  readonly rows: number;
  readonly features: Readonly<Record<string, BinnedFeature>>;
}

const bins = 10;

/** Shares below this count as this: an empty bin would make the index infinite. */
const smallestShare = 1e-4;

const sharesIn = (edges: readonly number[], values: ArrayLike<number>): number[] => {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    let bin = 0;
    while (bin < edges.length && !(values[i]! <= edges[bin]!)) bin++;
    counts[bin]!++;
  }
  return counts.map((count) => (values.length === 0 ? 0 : count / values.length));
};

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Labelled rows of a model with their snapshot dates, in ISO. */
export interface LabelledColumns {
  readonly matrix: FeatureMatrix;
  readonly dates: readonly string[];
}

/**
 * Fixes the bins of every feature by the buyers of the night of training, and counts them and the labelled rows in these
 * bins. Both matrices have the same features.
 */
export function driftReference(trained: FeatureMatrix, labelled: LabelledColumns): DriftReference {
  const rowsOf = new Map<string, number[]>();
  for (const [row, date] of labelled.dates.entries()) {
    const rows = rowsOf.get(date) ?? [];
    rows.push(row);
    rowsOf.set(date, rows);
  }
  const features = trained.names.map((name, f): [string, BinnedFeature] => {
    const now = trained.columns[f] as Float64Array;
    const past = labelled.matrix.columns[f] as Float64Array;
    const sorted = now.slice().sort();
    const cuts = Array.from({ length: bins - 1 }, (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / bins)] ?? 0);
    const edges = [...new Set(cuts)];
    return [
      name,
      {
        edges,
        mean: meanOf(now),
        median: sorted[Math.floor(sorted.length / 2)] ?? 0,
        trained: sharesIn(edges, now),
        labelled: Object.fromEntries(
          [...rowsOf].map(([date, rows]) => [
            date,
            sharesIn(
              edges,
              rows.map((row) => past[row] as number),
            ),
          ]),
        ),
      },
    ];
  });
  return { rows: trained.rows, features: Object.fromEntries(features) };
}

/**
 * Population stability index of two distributions over the same bins, Σ (p − q) × ln(p / q): 0 for equal ones; by custom
 * below 0.1 steady, above 0.25 another population (Siddiqi 2006). Chance alone gives about (bins − 1) × (1/n + 1/m).
 */
export function populationStability(expected: readonly number[], found: readonly number[]): number {
  return expected.reduce((sum, share, bin) => {
    const p = Math.max(found[bin] ?? 0, smallestShare);
    const q = Math.max(share, smallestShare);
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

/** How one feature lies tonight against the reference. */
export interface FeatureDrift {
  readonly feature: string;
  readonly psi: number;
  /** Against the labelled snapshot of the same season; null without one. */
  readonly psiSeason: number | null;
  /** Against all labelled snapshots together. */
  readonly psiLabelled: number;
  readonly meanThen: number;
  readonly meanNow: number;
}

/**
 * Every feature of the reference against tonight.
 * @param season date of the labelled snapshot that lies in tonight's season, or null
 */
export function driftOf(reference: DriftReference, tonight: FeatureMatrix, season: string | null): FeatureDrift[] {
  return Object.entries(reference.features).map(([feature, then]) => {
    const now = tonight.columns[tonight.names.indexOf(feature)] ?? new Float64Array();
    const found = sharesIn(then.edges, now);
    const dates = Object.values(then.labelled);
    const pooled = then.trained.map(
      (_, bin) => dates.reduce((sum, shares) => sum + (shares[bin] ?? 0), 0) / Math.max(1, dates.length),
    );
    const sameSeason = season === null ? undefined : then.labelled[season];
    return {
      feature,
      psi: populationStability(then.trained, found),
      psiSeason: sameSeason ? populationStability(sameSeason, found) : null,
      psiLabelled: populationStability(pooled, found),
      meanThen: then.mean,
      meanNow: meanOf(now),
    };
  });
}
