import { WinbackError } from '../../lambdas/platform/errors.ts';

export type Verdict = 'ok' | 'warn' | 'fail';

/** What one check of `winback doctor` found. */
export interface Finding {
  /** The check's name. */
  readonly check: string;
  readonly verdict: Verdict;
  /** What was found, with its figures. */
  readonly finding: string;
  /** What to do about it; null where nothing is to be done. */
  readonly next: string | null;
}

/** A finding that has no name yet. */
export type Found = Omit<Finding, 'check'>;

export const ok = (finding: string): Found => ({ verdict: 'ok', finding, next: null });
export const warn = (finding: string, next: string): Found => ({ verdict: 'warn', finding, next });
export const fail = (finding: string, next: string): Found => ({ verdict: 'fail', finding, next });

/** Carries out a check; what it throws is its finding, so that the checks after it are made all the same. */
export async function examine(check: string, look: () => Found | Promise<Found>): Promise<Finding> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    if (error instanceof WinbackError) return { check, ...fail(error.message, error.next) };
    const what = error instanceof Error ? error.message : String(error);
    return { check, ...fail(`cannot be told: ${what}`, 'Restore the file or setting named, or report this.') };
  }
}
