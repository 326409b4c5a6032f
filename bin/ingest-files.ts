import { ingestFile, localLimits } from '../lambdas/ingest/ingest.ts';
import type { ExportFile } from '../lambdas/ingest/source/export-file.ts';
import type { Receipt } from '../lambdas/ingest/write/receipt.ts';
import type { IdentifyingContext } from '../lambdas/platform/context.ts';
import { exitCodes, UsageError, WinbackError } from '../lambdas/platform/errors.ts';
import { exportFile } from './local-lake.ts';

/** An export cannot be trusted and was not taken. */
export class ExportRefused extends WinbackError {
  override readonly exitCode = exitCodes.input;
}

/** Opens every file named before any is read, so that a wrong path leaves nothing half-done. */
export async function namedExports(paths: readonly string[], deliveredAt = new Date()): Promise<ExportFile[]> {
  if (paths.length === 0) throw new UsageError('no export file is named', 'Name one or more with --orders FILE….');
  return Promise.all(paths.map((path) => exportFile(path, deliveredAt)));
}

/**
 * Ingests files one after the other.
 * @throws ExportRefused for the first file that is refused; those before it stay ingested
 */
export async function ingestAll(context: IdentifyingContext, files: readonly ExportFile[]): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const file of files) {
    const receipt = await ingestFile(context, { file, limits: localLimits });
    if (receipt.verdict === 'refused') {
      throw new ExportRefused(`refused: ${receipt.reason}`, 'winback check FILE shows how a file is read.');
    }
    receipts.push(receipt);
  }
  return receipts;
}
