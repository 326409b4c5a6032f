import type { ExportFile } from '../../lambdas/ingest/source/export-file.ts';

/** An export that lies in memory, delivered in chunks of a given size so that records cross their borders. */
export function memoryFile(
  name: string,
  content: string | Uint8Array,
  { deliveredAt = '2024-06-30T00:00:00Z', chunkBytes = 7 } = {},
): ExportFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return {
    name,
    bytes: bytes.length,
    deliveredAt: new Date(deliveredAt),
    async *open() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}
