import type { Night, StepOutputs } from '../pipeline.ts';
import type { Config } from '../platform/config/config.ts';
import { customersByOutcome, type LabelledRows } from './snapshots.ts';

/**
 * What is missing for a model, as a sentence with counts against minima, or null when there is enough.
 * @param buyers buyers as of the night
 */
export function enoughData(
  minima: Config['model'],
  night: Night,
  { horizonDays }: StepOutputs['horizon'],
  buyers: number,
  rows: LabelledRows,
): string | null {
  const history = night.run.asOf - night.firstOrderDate + 1;
  const { lost, kept } = customersByOutcome(rows);
  const checks: [number, number, string][] = [
    [buyers, minima.min_buyers, 'buyers'],
    [history, minima.min_history_horizons * horizonDays, `days of history (${minima.min_history_horizons} horizons)`],
    [lost, minima.min_per_class, 'lost customers in past snapshots'],
    [kept, minima.min_per_class, 'kept customers in past snapshots'],
  ];
  const missing = checks.filter(([found, needed]) => found < needed);
  if (missing.length === 0) return null;
  return `not enough data: ${missing.map(([found, needed, what]) => `${found} of ${needed} ${what}`).join(', ')}`;
}
