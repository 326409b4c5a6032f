import type { Rejects } from '../book/rejects.ts';
import { TooManyRejected } from '../errors.ts';
import { notMeant, reasonCodes, rejectReasons } from '../reasons.ts';

/** The account of a file, read: what became of its records, and why some were not taken. */
export interface FileAccount {
  readonly book: { readonly rejects: Rejects };
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** Records that were meant to be taken, and those of them that were rejected. */
export function meantRecords({ book, read, rejected }: FileAccount): { readonly all: number; readonly lost: number } {
  let others = 0;
  for (let i = 0; i < rejected; i++) if (notMeant.has(reasonCodes[book.rejects.columns.reason[i]!]!)) others++;
  return { all: read - others, lost: rejected - others };
}

/** A share says nothing of a handful of records: fewer rejects refuse a file only when they leave nothing of it. */
const fewestRejects = 20;

/**
 * Refuses a file of which so little could be read that the rest cannot be trusted either.
 * @throws TooManyRejected when more records are rejected than the configuration allows
 */
export function refuseMostlyRejected(name: string, contents: FileAccount, maxPct: number): void {
  const { book, read, accepted, rejected } = contents;
  const { all, lost } = meantRecords(contents);
  const isLittle = lost * 100 <= all * maxPct || lost < fewestRejects;
  if (accepted > 0 ? isLittle : rejected * 100 <= read * maxPct) return;
  const counts = new Map<number, number>();
  for (let i = 0; i < rejected; i++) {
    const reason = book.rejects.columns.reason[i]!;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const [[first = 0] = []] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const code = reasonCodes[first]!;
  throw new TooManyRejected(
    `${name}: ${rejected} of ${read} records cannot be read, most often ${code} (${rejectReasons[code]})`,
    code === 'undecodable_bytes'
      ? 'Export it as UTF-8.'
      : 'Look at the records with `winback check`, then correct the export or the mapping.',
  );
}
