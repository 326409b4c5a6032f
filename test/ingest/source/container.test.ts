import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { TooLarge } from '../../../lambdas/ingest/errors.ts';
import { detectContainer, readHead, type UnpackLimits, unpack } from '../../../lambdas/ingest/source/container.ts';
import { memoryFile } from '../memory-file.ts';

const unlimited: UnpackLimits = { bytes: Number.MAX_SAFE_INTEGER, ratio: 250 };

async function unpackedBytes(name: string, packed: Uint8Array, limits: UnpackLimits): Promise<number> {
  const file = memoryFile(name, packed, { chunkBytes: 1 << 14 });
  const container = detectContainer(name, await readHead(file.open(), 16));
  let size = 0;
  for await (const chunk of unpack(file, container, file.open(), limits)) size += chunk.length;
  return size;
}

/** Gzip members one after the other: as large as wanted without ever being in memory as a whole. */
const members = (count: number, member: Uint8Array): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => member));

describe('what unpacking may cost', () => {
  const megabyte = gzipSync(Buffer.alloc(1 << 20));

  test('a bomb is refused long before it is unpacked', async () => {
    const bomb = members(2_000, megabyte);
    await expect(unpackedBytes('bomb.csv.gz', bomb, unlimited)).rejects.toThrow(/250 times its size/);
  });

  test('small files may be packed as tightly as they like', async () => {
    expect(await unpackedBytes('zeros.csv.gz', members(60, megabyte), unlimited)).toBe(60 << 20);
  });

  test('the limit on bytes counts what is unpacked, in plain files too', async () => {
    const limits = { ...unlimited, bytes: 3_000 };
    expect(await unpackedBytes('a.csv', Buffer.alloc(3_000, 'a'), limits)).toBe(3_000);
    await expect(unpackedBytes('a.csv', Buffer.alloc(3_001, 'a'), limits)).rejects.toThrow(TooLarge);
    await expect(unpackedBytes('a.gz', gzipSync(Buffer.alloc(3_001, 'a')), limits)).rejects.toThrow(TooLarge);
  });
});
