import { type IngestPorts, ingestFile, localLimits } from '../lambdas/ingest/ingest.ts';
import type { ExportFile } from '../lambdas/ingest/source/export-file.ts';
import type { Receipt } from '../lambdas/ingest/write/receipt.ts';
import type { FileKind } from '../lambdas/lake/file-kinds.ts';
import { exitCodes, UsageError, WinbackError } from '../lambdas/platform/errors.ts';
import type { Arguments, OptionSpec } from './command.ts';
import { exportFile } from './local-lake.ts';

/** An export cannot be trusted and was not taken. */
class ExportRefused extends WinbackError {
  override readonly exitCode = exitCodes.input;
}

/** A file and what it was given as. */
export interface GivenFile {
  readonly file: ExportFile;
  readonly kind: FileKind;
}

/** A path and what the file there is given as. */
export interface GivenPath {
  readonly path: string;
  readonly kind: FileKind;
}

export const surveysOption: OptionSpec = {
  type: 'string',
  multiple: true,
  value: 'FILE…',
  help: 'answers of surveys: customer, date, NPS or CSAT score',
};

/** Paths of `--orders FILE…` and `--surveys FILE…`; words that follow neither are orders. */
export function givenPaths(given: Arguments): GivenPath[] {
  const named = (option: 'orders' | 'surveys'): readonly string[] => [
    ...given.texts(option),
    ...given.wordsAfter(option),
  ];
  return [
    ...[...named('orders'), ...given.wordsAfter(null)].map((path): GivenPath => ({ path, kind: 'orders' })),
    ...named('surveys').map((path): GivenPath => ({ path, kind: 'surveys' })),
  ];
}

/** Opens every file named before any is read, so that a wrong path leaves nothing half-done. */
export async function namedExports(paths: readonly GivenPath[], deliveredAt = new Date()): Promise<GivenFile[]> {
  if (paths.length === 0) throw new UsageError('no export file is named', 'Name one or more with --orders FILE….');
  return Promise.all(paths.map(async ({ path, kind }) => ({ kind, file: await exportFile(path, deliveredAt) })));
}

const checkOptions: Readonly<Record<FileKind, string>> = {
  orders: '',
  surveys: '--surveys ',
  suppressions: '--suppressions ',
  lifts: '--lift ',
};

/**
 * Ingests files one after the other.
 * @throws ExportRefused for the first file that is refused; those before it stay ingested
 */
export async function ingestAll(ports: IngestPorts, files: readonly GivenFile[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const { file, kind } of files) {
    const receipt = await ingestFile(ports, { file, kind, limits: localLimits });
    if (receipt.verdict === 'refused') {
      const check = `winback check ${checkOptions[kind]}FILE shows how a file is read.`;
      throw new ExportRefused(`refused: ${receipt.reason}`, check);
    }
    receipts.push(receipt);
  }
  return receipts;
}
