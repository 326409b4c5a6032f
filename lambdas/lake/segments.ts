/** Lifecycle segments by recency score R (rows, 5 first) and value score V = ceil((F + M) / 2) (columns, 1 first). */
const grid = [
  [5, ['new', 'potential_loyalist', 'potential_loyalist', 'champions', 'champions']],
  [4, ['promising', 'potential_loyalist', 'loyal', 'loyal', 'champions']],
  [3, ['about_to_sleep', 'needs_attention', 'needs_attention', 'loyal', 'loyal']],
  [2, ['hibernating', 'hibernating', 'at_risk', 'at_risk', 'cant_lose_them']],
  [1, ['lost', 'lost', 'at_risk', 'cant_lose_them', 'cant_lose_them']],
] as const;

export type Segment = (typeof grid)[number][1][number];

export interface SegmentCell {
  readonly recencyScore: number;
  readonly valueScore: number;
  readonly segment: Segment;
}

/** The 25 cells of the grid: each pair of scores has exactly one segment. */
export const segmentCells: readonly SegmentCell[] = grid.flatMap(([recencyScore, row]) =>
  row.map((segment, index) => ({ recencyScore, valueScore: index + 1, segment })),
);
