import { landedKind } from '../lake/file-kinds.ts';
import { landedKey } from '../lake/zones.ts';
import { writeJson } from '../platform/json-objects.ts';
import { type IngestPorts, ingestFile, lambdaLimits } from './ingest.ts';
import type { ExportFile } from './source/export-file.ts';
import type { Receipt } from './write/receipt.ts';

/** A delivered file and what names its version. */
export interface Landed extends ExportFile {
  readonly key: string;
  readonly version: string;
}

/**
 * Takes a delivered file into the lake, as what its folder says, and marks its version as dealt with, taken or refused.
 * @param settle lets it expire. The mark comes after it: without one the next night asks again
 */
export async function takeLanded(ports: IngestPorts, landed: Landed, settle: () => Promise<void>): Promise<Receipt> {
  const kind = landedKind(landed.key) ?? 'orders';
  const receipt = await ingestFile(ports, { file: landed, kind, limits: lambdaLimits });
  const { ingest_id, verdict } = receipt;
  await settle();
  await writeJson(ports.store, landedKey(landed.version), { key: landed.key, ingest_id, verdict });
  return receipt;
}
