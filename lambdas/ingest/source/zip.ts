import { CorruptFile, NotAnExport, TooLarge } from '../errors.ts';

/** One file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly data: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

/** Largest archive that is read; it is held in memory because its directory stands at its end. */
export const maxZipBytes = 256 << 20;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const workbook = /^(\[Content_Types\]\.xml|xl\/|word\/|mimetype$)/;
const companion = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)|\/$/;

const again = 'Deliver it again: the transfer was probably cut off.';

function findEnd(name: string, zip: Buffer): number {
  const lowest = Math.max(0, zip.length - endBytes - 65_535);
  for (let at = zip.length - endBytes; at >= lowest; at--) if (zip.readUInt32LE(at) === endSignature) return at;
  throw new CorruptFile(`${name} is a zip archive without its directory`, again);
}

function readEntry(name: string, zip: Buffer, at: number): ZipEntry & { readonly next: number } {
  const local = zip.readUInt32LE(at + 42);
  const nameBytes = zip.readUInt16LE(at + 28);
  const next = at + 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  const packedSize = zip.readUInt32LE(at + 20);
  const entryName = zip.toString('utf8', at + 46, at + 46 + nameBytes);
  if (zip.readUInt16LE(at + 8) & 1) throw new NotAnExport(`${name} is encrypted`, 'Deliver it without a password.');
  const method = zip.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) {
    throw new NotAnExport(`${name} is packed by zip method ${method}`, 'Use plain zip or gzip.');
  }
  if (zip.readUInt32LE(local) !== localSignature) throw new CorruptFile(`${name} has a damaged directory`, again);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (from + packedSize > zip.length) throw new CorruptFile(`${name} is cut off`, again);
  return {
    name: entryName,
    method: method === 0 ? 'stored' : 'deflated',
    data: zip.subarray(from, from + packedSize),
    size: zip.readUInt32LE(at + 24),
    crc: zip.readUInt32LE(at + 16),
    next,
  };
}

/**
 * The one export in a zip archive, as its directory says; what operating systems add is left out, and the paths inside
 * are never used.
 * @throws NotAnExport for workbooks, encrypted archives and those with more or less than one file; CorruptFile
 */
export function zippedExport(name: string, zip: Buffer): ZipEntry {
  try {
    const end = findEnd(name, zip);
    const entries: ZipEntry[] = [];
    let at = zip.readUInt32LE(end + 16);
    for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
      if (zip.readUInt32LE(at) !== entrySignature) throw new CorruptFile(`${name} has a damaged directory`, again);
      const entry = readEntry(name, zip, at);
      entries.push(entry);
      at = entry.next;
    }
    if (entries.some((entry) => workbook.test(entry.name))) {
      throw new NotAnExport(
        `${name} is an office document, not an order export`,
        'Save the sheet with the orders as CSV.',
      );
    }
    const exports = entries.filter((entry) => !companion.test(entry.name));
    if (exports.length === 1) return exports[0]!;
    throw new NotAnExport(`${name} holds ${exports.length} files, not one`, 'Deliver each export by itself.');
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CorruptFile(`${name} has a damaged directory`, again, { cause });
  }
}

/** All bytes of an archive. */
export async function wholeZip(name: string, chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxZipBytes) {
      throw new TooLarge(`${name} is a zip archive of more than ${maxZipBytes >> 20} MB`, 'Deliver it as gzip.');
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
