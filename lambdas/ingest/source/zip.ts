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
const maxZipBytes = 256 << 20;

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const wideEndSignature = 0x06064b50;
const wideLocatorSignature = 0x07064b50;
const endBytes = 22;
const wideLocatorBytes = 20;
/** What a field of 32 bits says when its value stands in 64 bits elsewhere. */
const elsewhere = 0xffffffff;
const wideSizes = 0x0001;
const workbook = /^(\[Content_Types\]\.xml|xl\/|word\/|mimetype$)/;
const companion = /(^|\/)(__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)|\/$/;
const methods: Readonly<Record<number, string>> = { 9: 'Deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'zstd', 95: 'xz' };

const again = 'Deliver it again: the transfer was probably cut off.';

interface Directory {
  readonly at: number;
  readonly entries: number;
}

/** Where the directory stands (APPNOTE.TXT 4.3.16, and 4.3.14 for archives with 64-bit fields). */
function findDirectory(name: string, zip: Buffer): Directory {
  const lowest = Math.max(0, zip.length - endBytes - 65_535);
  for (let end = zip.length - endBytes; end >= lowest; end--) {
    if (zip.readUInt32LE(end) !== endSignature || end + endBytes + zip.readUInt16LE(end + 20) !== zip.length) continue;
    const locator = end - wideLocatorBytes;
    if (locator < 0 || zip.readUInt32LE(locator) !== wideLocatorSignature) {
      return { at: zip.readUInt32LE(end + 16), entries: zip.readUInt16LE(end + 10) };
    }
    const wide = Number(zip.readBigUInt64LE(locator + 8));
    if (zip.readUInt32LE(wide) !== wideEndSignature) throw new CorruptFile(`${name} has a damaged directory`, again);
    return { at: Number(zip.readBigUInt64LE(wide + 48)), entries: Number(zip.readBigUInt64LE(wide + 32)) };
  }
  throw new CorruptFile(`${name} is a zip archive without its directory`, again);
}

/** Size, packed size and place of an entry, of which those that do not fit 32 bits follow its name in this order. */
function placeOf(
  zip: Buffer,
  at: number,
  extra: number,
  extraEnd: number,
): { size: number; packed: number; local: number } {
  let wide = extra;
  while (wide < extraEnd && zip.readUInt16LE(wide) !== wideSizes) wide += 4 + zip.readUInt16LE(wide + 2);
  wide += 4;
  const [size, packed, local] = [24, 20, 42].map((offset) => {
    const narrow = zip.readUInt32LE(at + offset);
    if (narrow !== elsewhere || wide + 8 > extraEnd) return narrow;
    wide += 8;
    return Number(zip.readBigUInt64LE(wide - 8));
  }) as [number, number, number];
  return { size, packed, local };
}

function readEntry(name: string, zip: Buffer, at: number): ZipEntry & { readonly next: number } {
  const nameEnd = at + 46 + zip.readUInt16LE(at + 28);
  const extraEnd = nameEnd + zip.readUInt16LE(at + 30);
  const { size, packed, local } = placeOf(zip, at, nameEnd, extraEnd);
  if (zip.readUInt16LE(at + 8) & 1) throw new NotAnExport(`${name} is encrypted`, 'Deliver it without a password.');
  const method = zip.readUInt16LE(at + 10);
  if (method !== 0 && method !== 8) {
    const used = methods[method] ?? `zip method ${method}`;
    throw new NotAnExport(`${name} is packed by ${used}, which is not read here`, 'Use an ordinary zip, or gzip.');
  }
  if (zip.readUInt32LE(local) !== localSignature) throw new CorruptFile(`${name} has a damaged directory`, again);
  const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (from + packed > zip.length) throw new CorruptFile(`${name} is cut off`, again);
  return {
    name: zip.toString('utf8', at + 46, nameEnd),
    method: method === 0 ? 'stored' : 'deflated',
    data: zip.subarray(from, from + packed),
    size,
    crc: zip.readUInt32LE(at + 16),
    next: extraEnd + zip.readUInt16LE(at + 32),
  };
}

/**
 * The one export in a zip archive, as its directory says; what operating systems add is left out, and the paths inside
 * are never used.
 * @throws NotAnExport for workbooks, encrypted archives and those with more or less than one file; CorruptFile
 */
export function zippedExport(name: string, zip: Buffer): ZipEntry {
  try {
    const directory = findDirectory(name, zip);
    const entries: ZipEntry[] = [];
    let { at } = directory;
    for (let left = directory.entries; left > 0; left--) {
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
