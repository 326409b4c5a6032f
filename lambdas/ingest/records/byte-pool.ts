import { createByteArena } from './byte-arena.ts';

/** Number that stands for no text. It is zero so that columns of numbers cost no memory where nothing was ever stated. */
export const absent = 0;

/**
 * Distinct texts, each kept once as UTF-8 and named by a number from 1 in order of first appearance. A million order numbers
 * cost a few bytes each here and no string objects.
 */
export interface BytePool {
  /** One more than the largest number. */
  readonly size: number;
  /** Number of the text in `bytes[start, end)`, which is added if it is new. */
  intern(bytes: Uint8Array, start: number, end: number): number;
  /** Number of a text, which is added if it is new. */
  internText(text: string): number;
  /** The text with a number. */
  text(ref: number): string;
  /** Sorts numbers by the UTF-8 bytes of their texts, in place. */
  sort(refs: Int32Array): Int32Array;
  /** Gives back the memory that only adding texts needs; none can be added from then on. */
  seal(): void;
}

const encoder = new TextEncoder();
const few = 1 << 16;
/** Numbers in 32 MB: the smallest block that C libraries take from the system for itself alone, and give back whole. */
const reserved = 1 << 23;
const fullest = 0.75;
const residentBytes = 4 << 20;
const prefixBytes = 6;

/**
 * Room for at least `count` numbers. Beyond a few it is taken at once for all that most files need, because memory that was
 * never written to costs nothing, whereas blocks that are outgrown one after the other are never given back.
 */
const roomFor = (count: number): number => (count <= few ? count : Math.max(count, reserved));

/**
 * An empty pool for up to 2^30 texts and 4 GB; lookups are by a hash of all bytes.
 * @param resident bytes of texts that stay in memory; what goes beyond them is read from disk when asked for
 * @throws TooLarge beyond 4 GB, SpillError when the disk fails
 */
export function createBytePool(resident = residentBytes): BytePool {
  const arena = createByteArena(resident);
  let starts = new Uint32Array(1 << 10);
  let hashes = new Int32Array(1 << 10);
  let size = 1;
  let table = new Int32Array(1 << 10);
  let slots = table;
  let isSealed = false;

  const startOf = (ref: number): number => starts[ref]!;
  const endOf = (ref: number): number => (ref + 1 < size ? starts[ref + 1]! : arena.size);

  const growSlots = (): void => {
    const wider = slots.length * 2;
    if (wider > table.length) table = new Int32Array(roomFor(wider));
    slots = table.subarray(0, wider).fill(absent);
    const mask = slots.length - 1;
    for (let ref = 1; ref < size; ref++) {
      let slot = hashes[ref]! & mask;
      while (slots[slot] !== absent) slot = (slot + 1) & mask;
      slots[slot] = ref;
    }
  };

  const append = (bytes: Uint8Array, start: number, end: number, hash: number): number => {
    if (size === starts.length) {
      const room = roomFor(size * 2);
      const [fewerStarts, fewerHashes] = [starts, hashes];
      starts = new Uint32Array(room);
      starts.set(fewerStarts);
      hashes = new Int32Array(room);
      hashes.set(fewerHashes);
    }
    starts[size] = arena.size;
    hashes[size] = hash;
    arena.append(bytes, start, end);
    return size++;
  };

  const equals = (ref: number, bytes: Uint8Array, start: number, length: number): boolean => {
    const from = startOf(ref);
    return endOf(ref) - from === length && arena.equals(from, bytes, start, length);
  };

  const intern = (bytes: Uint8Array, start: number, end: number): number => {
    if (isSealed) throw new Error('a text was added to a pool that is sealed');
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 13;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let ref = slots[slot]!; ref !== absent; ref = slots[slot]!) {
      if (hashes[ref] === hash && equals(ref, bytes, start, end - start)) return ref;
      slot = (slot + 1) & mask;
    }
    const ref = append(bytes, start, end, hash);
    slots[slot] = ref;
    if (size > slots.length * fullest) growSlots();
    return ref;
  };

  const copyOf = (ref: number): Uint8Array => arena.copy(startOf(ref), endOf(ref));

  /** Bytes with which all texts begin: numbers such as INV-2024-000017 differ only after them. */
  const commonPrefix = (refs: Int32Array): number => {
    const first = copyOf(refs[0]!);
    let common = first.length;
    for (let i = 1; i < refs.length && common > 0; i++) {
      const from = startOf(refs[i]!);
      common = Math.min(common, endOf(refs[i]!) - from);
      if (arena.equals(from, first, 0, common)) continue;
      const other = copyOf(refs[i]!);
      common = 0;
      while (other[common] === first[common]) common++;
    }
    return common;
  };

  return {
    get size() {
      return size;
    },
    intern,
    internText: (text) => {
      const bytes = encoder.encode(text);
      return intern(bytes, 0, bytes.length);
    },
    text: (ref) => arena.text(startOf(ref), endOf(ref)),
    sort(refs) {
      if (refs.length < 2) return refs;
      const common = commonPrefix(refs);
      const prefixes = new Float64Array(size);
      let isSorted = true;
      const order = (a: number, b: number): number =>
        prefixes[a]! - prefixes[b]! || (a === b ? 0 : Buffer.compare(copyOf(a), copyOf(b)));
      for (let i = 0; i < refs.length; i++) {
        const ref = refs[i]!;
        const from = startOf(ref);
        prefixes[ref] = arena.prefix(from + common, endOf(ref), prefixBytes);
        if (isSorted && i > 0 && order(refs[i - 1]!, ref) > 0) isSorted = false;
      }
      return isSorted ? refs : refs.sort(order);
    },
    seal() {
      isSealed = true;
      hashes = new Int32Array(0);
      table = new Int32Array(0);
      slots = table;
    },
  };
}
