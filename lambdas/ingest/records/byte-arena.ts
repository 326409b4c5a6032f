import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, WinbackError } from '../../platform/errors.ts';
import { systemReason } from '../../platform/system-error.ts';
import { TooLarge } from '../errors.ts';

/** Texts of a file that do not fit into memory could not be put aside on disk. */
export class SpillError extends WinbackError {
  override readonly exitCode = exitCodes.environment;
}

/** Bytes that are only ever added to, addressed by their distance from the first. */
export interface ByteArena {
  readonly size: number;
  /** Adds bytes at the end. */
  append(bytes: Uint8Array, start: number, end: number): void;
  /** Whether the bytes from an address on are those of `bytes[start, start + length)`. */
  equals(address: number, bytes: Uint8Array, start: number, length: number): boolean;
  /** UTF-8 text of `[from, to)`. */
  text(from: number, to: number): string;
  /** The first `count` bytes of `[from, to)`, at most 6, as a number whose order is theirs; zeros stand for missing ones. */
  prefix(from: number, to: number, count: number): number;
  /** A copy of `[from, to)`. */
  copy(from: number, to: number): Uint8Array;
}

/** What addresses of 32 bits reach. */
const largest = 2 ** 32 - 1;
const firstBytes = 1 << 14;
const tailBytes = 1 << 18;
const windowBytes = 1 << 13;

const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

function spilling<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new SpillError(
      `texts of the export cannot be put aside in ${tmpdir()}: ${systemReason(error)}`,
      'Free some space there, or name another folder in the environment variable TMPDIR.',
      { cause: error },
    );
  }
}

/** A file without a name, readable by nobody else, gone when it is forgotten or the process ends. */
function openSpill(owner: object): number {
  return spilling(() => {
    const path = join(tmpdir(), `winback-${randomBytes(8).toString('hex')}.spill`);
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    forgotten.register(owner, file);
    return file;
  });
}

/**
 * An empty arena of at most 4 GB. Its first `resident` bytes stay in memory; what comes later goes to a nameless file in
 * the system's folder for temporary files, and is read back piece by piece.
 * @throws TooLarge beyond 4 GB, SpillError when the file cannot be written or read
 */
export function createByteArena(resident: number): ByteArena {
  let head = Buffer.allocUnsafeSlow(Math.min(firstBytes, resident));
  let headEnd = 0;
  let size = 0;
  let file = -1;
  let tail = Buffer.alloc(0);
  let tailStart = 0;
  let window = Buffer.alloc(0);
  let windowStart = 0;
  let windowEnd = 0;
  /** Where `locate` found what was asked for. */
  let found = head;

  const growHead = (needed: number): boolean => {
    if (needed > resident) return false;
    const wider = Buffer.allocUnsafeSlow(Math.min(resident, Math.max(needed, head.length * 2)));
    wider.set(head.subarray(0, headEnd));
    head = wider;
    return true;
  };

  const writeTail = (bytes: Uint8Array): void => {
    const at = tailStart - headEnd;
    spilling(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
    });
    tailStart += bytes.length;
  };

  const appendToTail = (bytes: Uint8Array, start: number, end: number): void => {
    if (file < 0) {
      file = openSpill(arena);
      tail = Buffer.allocUnsafeSlow(tailBytes);
      window = Buffer.allocUnsafeSlow(windowBytes);
      tailStart = size;
    }
    if (size - tailStart + end - start > tail.length) writeTail(tail.subarray(0, size - tailStart));
    if (end - start > tail.length) writeTail(bytes.subarray(start, end));
    else tail.set(bytes.subarray(start, end), size - tailStart);
  };

  const readSpill = (into: Buffer, from: number, length: number): void => {
    const at = from - headEnd;
    spilling(() => {
      for (let done = 0; done < length; ) {
        const read = readSync(file, into, done, length - done, at + done);
        if (read === 0) throw new RangeError('the file is shorter than what was written to it');
        done += read;
      }
    });
  };

  /** Puts the bytes of `[from, to)`, which were added together, into `found`; their position in it. */
  const locate = (from: number, to: number): number => {
    if (to <= headEnd) {
      found = head;
      return from;
    }
    if (from >= tailStart) {
      found = tail;
      return from - tailStart;
    }
    found = window;
    if (from >= windowStart && to <= windowEnd) return from - windowStart;
    if (to - from > window.length) {
      found = Buffer.allocUnsafeSlow(to - from);
      readSpill(found, from, to - from);
      return 0;
    }
    windowStart = from;
    windowEnd = Math.min(from + window.length, tailStart);
    readSpill(window, from, windowEnd - from);
    return 0;
  };

  const arena: ByteArena = {
    get size() {
      return size;
    },
    append(bytes, start, end) {
      if (size + end - start > largest) {
        throw new TooLarge('the file has more than 4 GB of distinct texts in one column', 'Split the export by date.');
      }
      const fits = file < 0 && (size + end - start <= head.length || growHead(size + end - start));
      if (fits) {
        for (let i = start; i < end; i++) head[size + i - start] = bytes[i]!;
        headEnd = size + end - start;
      } else appendToTail(bytes, start, end);
      size += end - start;
    },
    equals(address, bytes, start, length) {
      const at = locate(address, address + length);
      for (let i = 0; i < length; i++) if (found[at + i] !== bytes[start + i]) return false;
      return true;
    },
    text(from, to) {
      const at = locate(from, to);
      return found.toString('utf8', at, at + to - from);
    },
    prefix(from, to, count) {
      const end = Math.min(to, from + count);
      const at = locate(from, end);
      let number = 0;
      for (let i = 0; i < count; i++) number = number * 256 + (i < end - from ? found[at + i]! : 0);
      return number;
    },
    copy(from, to) {
      const at = locate(from, to);
      return new Uint8Array(found.subarray(at, at + to - from));
    },
  };
  return arena;
}
