import { runLedger } from '../lake/tables/runs.ts';
import { ledgerKey, type Run } from '../lake/zones.ts';
import type { GateVerdict } from '../pipeline.ts';
import type { Context } from './context.ts';
import { stepCost } from './cost.ts';
import { GateFailed } from './errors.ts';
import { encodeJsonRows } from './json-objects.ts';

/** Which work a line of the ledger is about. */
export interface Work {
  readonly run: Run;
  readonly step: string;
  /** Number of the part, where a step is done in parts by calls of their own. */
  readonly part?: number;
}

/** What came of work: rows written, and what gates said. */
export interface Outcome {
  readonly rows: number | null;
  readonly gates?: readonly GateVerdict[];
}

type Ended = Outcome & { readonly verdict: 'done' | 'failed'; readonly message: string | null };

/** Begins to measure work. @returns what leaves its line in the ledger, with what was used until then */
export function beginWork(context: Context): (work: Work, ended: Ended) => Promise<void> {
  const startedAt = context.clock();
  const before = context.engine.scanned?.();
  return async ({ run, step, part }, { verdict, message, rows, gates = [] }) => {
    const place = {
      as_of: run.asOf,
      run_id: run.runId,
      attempt: run.attempt,
      step,
      started_at: startedAt.toISOString(),
    };
    const number = part === undefined ? null : String(part).padStart(5, '0');
    const after = context.engine.scanned?.();
    const billedBytes = before && after ? after.billedBytes - before.billedBytes : null;
    const seconds = (context.clock().getTime() - startedAt.getTime()) / 1000;
    const used = {
      bytes_scanned: before && after ? after.bytes - before.bytes : null,
      seconds,
      cost: stepCost(context.config.prices, { billedBytes, seconds, memoryMb: context.memoryMb ?? null }),
    };
    const nothing = { rows: null, bytes_scanned: null, seconds: null, cost: null };
    const lines = [
      { ...place, entry: number === null ? 'step' : `part:${number}`, verdict, message, rows, ...used },
      ...gates.map((gate) => ({ ...place, ...gate, entry: `gate:${gate.gate}`, ...nothing })),
    ];
    const name = number === null ? step : `${step}-${number}`;
    await context.store.write(ledgerKey(run, name), encodeJsonRows(runLedger, lines));
  };
}

/** Does work that leaves its line in the run ledger, whether it is done or fails. */
export async function accounted<T>(
  context: Context,
  work: Work,
  act: () => Promise<T>,
  outcomeOf: (result: T) => Outcome,
): Promise<T> {
  const leave = beginWork(context);
  try {
    const result = await act();
    await leave(work, { verdict: 'done', message: null, ...outcomeOf(result) });
    return result;
  } catch (error) {
    const gates = error instanceof GateFailed ? error.verdicts : [];
    const message = error instanceof Error ? error.message : String(error);
    await leave(work, { verdict: 'failed', message, rows: null, gates });
    throw error;
  }
}
