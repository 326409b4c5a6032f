/** What is needed of the row `all` of `campaign_results`. */
export interface PooledResult {
  readonly verdict: string;
  readonly lift_points: number | null;
}

/**
 * The lift of a contact that all campaigns together have shown, for use in the place of the assumed one. It counts once
 * the lower end of its interval is above 0, on arms that are as drawn: then the verdict is `worked`. Publish reads the row
 * `all` of `campaign_results` of the night before; where there is none, or it shows nothing yet, the assumed lift stays.
 * @returns percentage points; null while nothing is shown
 */
export const measuredLift = (pool: PooledResult | null): number | null =>
  pool?.verdict === 'worked' ? pool.lift_points : null;
