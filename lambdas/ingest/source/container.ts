import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';
import { systemCode } from '../../platform/system-error.ts';
import { CorruptFile, EmptyFile, NotAnExport, TooLarge } from '../errors.ts';
import { crc32 } from './crc32.ts';
import type { ExportFile } from './export-file.ts';
import { wholeZip, zippedExport } from './zip.ts';

/** How the delivered bytes are packed. */
export type Container = 'plain' | 'gzip' | 'zip';

/** What unpacking may cost before a file is refused. */
export interface UnpackLimits {
  /** Most unpacked bytes. */
  readonly bytes: number;
  /** Most unpacked bytes per delivered byte, checked beyond 64 MB unpacked: real exports stay below 100. */
  readonly ratio: number;
}

const ratioFloor = 64 << 20;
const chunkBytes = 1 << 18;

interface Foreign {
  /** First bytes, in Latin-1. */
  readonly magic: string;
  /** Where they stand, where that is not the beginning. */
  readonly at?: number;
  readonly what: string;
  readonly next: string;
}

const asCsv = 'Export the orders as CSV and deliver that file.';
const asGzip = 'Deliver what is in it plain or as gzip.';
const asParquet = 'Write the orders as Parquet or CSV.';

/** First bytes of things that are no export, or are packed in a way that is not read here. */
const foreign: readonly Foreign[] = [
  { magic: 'PK\x05\x06', what: 'an empty zip archive', next: asCsv },
  { magic: 'PK\x07\x08', what: 'a zip archive in several parts', next: asGzip },
  { magic: '\xd0\xcf\x11\xe0', what: 'an old Excel workbook', next: asCsv },
  { magic: '%PDF', what: 'a PDF document', next: asCsv },
  { magic: '\x89PNG', what: 'an image', next: asCsv },
  { magic: '\xff\xd8\xff', what: 'an image', next: asCsv },
  { magic: '{\\rtf', what: 'a text document', next: asCsv },
  { magic: 'SQLite format 3', what: 'a database', next: asCsv },
  { magic: 'Obj\x01', what: 'an Avro file', next: asParquet },
  { magic: 'ARROW1', what: 'an Arrow file', next: asParquet },
  { magic: 'FEA1', what: 'a Feather file', next: asParquet },
  { magic: '\x28\xb5\x2f\xfd', what: 'a zstd archive', next: asGzip },
  { magic: '\x04\x22\x4d\x18', what: 'an lz4 archive', next: asGzip },
  { magic: '\x31\x41\x59\x26\x53\x59', at: 4, what: 'a bzip2 archive', next: asGzip },
  { magic: '7z\xbc\xaf', what: 'a 7z archive', next: asGzip },
  { magic: 'Rar!\x1a\x07', what: 'a rar archive', next: asGzip },
  { magic: '\xfd7zXZ', what: 'an xz archive', next: asGzip },
  { magic: '\x1f\x9d', what: 'a compress archive', next: asGzip },
  { magic: 'ustar', at: 257, what: 'a tar archive', next: asGzip },
];

const startsWith = (bytes: Uint8Array, magic: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + magic.length)).toString('latin1') === magic;

/**
 * Container of a file by its first bytes; its name is not asked.
 * @throws EmptyFile when there are no bytes, NotAnExport when they begin like something else
 */
export function detectContainer(name: string, head: Uint8Array): Container {
  if (head.length === 0) throw new EmptyFile(`${name} has no bytes`, 'Export it again and deliver the new file.');
  if (startsWith(head, '\x1f\x8b')) return 'gzip';
  if (startsWith(head, 'PK\x03\x04')) return 'zip';
  for (const { magic, at, what, next } of foreign) {
    if (startsWith(head, magic, at)) throw new NotAnExport(`${name} is ${what}, not an order export`, next);
  }
  return 'plain';
}

/** The file's first bytes, at least `count` of them if it has so many. */
export async function readHead(chunks: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  const head: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    head.push(chunk);
    size += chunk.length;
    if (size >= count) break;
  }
  return head.length === 1 ? head[0]! : Buffer.concat(head);
}

/** Bytes through a zlib stream; the stream's own errors say that the data are cut off or damaged. */
async function* inflate(
  name: string,
  packed: AsyncIterable<Uint8Array>,
  unpacker: Gunzip | InflateRaw,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed, { objectMode: true, highWaterMark: 2 });
  const unpacked = pipeline(source, unpacker, () => undefined);
  try {
    for await (const chunk of unpacked) yield chunk as Buffer;
  } catch (error) {
    const code = systemCode(error);
    if (!code?.startsWith('Z_')) throw error;
    const what = code === 'Z_BUF_ERROR' ? 'ends in the middle of its compressed data' : 'has damaged compressed data';
    throw new CorruptFile(`${name} ${what}`, 'Deliver it again: the transfer was probably cut off.', { cause: error });
  } finally {
    unpacker.destroy();
  }
}

async function* gunzip(name: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let delivered = 0;
  /** End of the last byte that is not zero: tapes and some tools pad with zeros. */
  let written = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      const last = chunk.findLastIndex((byte) => byte !== 0);
      if (last >= 0) written = delivered + last + 1;
      delivered += chunk.length;
      yield chunk;
    }
  }
  const unpacker = createGunzip({ chunkSize: chunkBytes });
  yield* inflate(name, counted(), unpacker);
  if (written > unpacker.bytesWritten) {
    throw new CorruptFile(`${name} has foreign bytes after its compressed data`, 'Deliver it again.');
  }
}

async function* slices(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

async function* unzip(name: string, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const entry = zippedExport(name, await wholeZip(name, packed));
  const unpacker = createInflateRaw({ chunkSize: chunkBytes });
  let size = 0;
  let crc = 0;
  const data = slices(entry.data);
  for await (const chunk of entry.method === 'stored' ? data : inflate(name, data, unpacker)) {
    size += chunk.length;
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.size || crc !== entry.crc) {
    throw new CorruptFile(`${name} has damaged compressed data`, 'Deliver it again.');
  }
}

const unpackers = {
  plain: (_name: string, chunks: AsyncIterable<Uint8Array>) => chunks,
  gzip: gunzip,
  zip: unzip,
};

/**
 * The unpacked bytes of a file.
 * @throws CorruptFile when compressed data are cut off or damaged, TooLarge beyond the limits; both may come after bytes
 *   have been yielded, so nothing may be kept before the stream has ended
 */
export async function* unpack(
  file: ExportFile,
  container: Container,
  chunks: AsyncIterable<Uint8Array>,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of unpackers[container](file.name, chunks)) {
    size += chunk.length;
    if (size > limits.bytes) {
      throw new TooLarge(
        `${file.name} unpacks to more than ${Math.round(limits.bytes / 1e6)} MB`,
        'Split the export by date and deliver the parts.',
      );
    }
    if (size > ratioFloor && size > file.bytes * limits.ratio) {
      throw new TooLarge(
        `${file.name} unpacks to more than ${limits.ratio} times its size, which no export does`,
        'Deliver the export unpacked if it is genuine.',
      );
    }
    yield chunk;
  }
}
