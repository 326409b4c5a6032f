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
  /** Order of two texts by their UTF-8 bytes: negative, zero or positive. */
  compare(a: number, b: number): number;
}

const encoder = new TextEncoder();
const growth = 1.5;

/**
 * An empty pool. Holds up to 2^30 texts and 4 GB; lookups are by a hash of all bytes.
 * @param expected number of texts that it makes room for at once
 */
export function createBytePool(expected = 1 << 10): BytePool {
  let arena = Buffer.allocUnsafeSlow(1 << 16);
  let used = 0;
  let starts = new Uint32Array(expected + 1);
  let hashes = new Int32Array(expected + 1);
  let size = 1;
  let slots = new Int32Array(2 ** Math.ceil(Math.log2(expected * 2)));

  const endOf = (ref: number): number => (ref + 1 < size ? starts[ref + 1]! : used);

  const equals = (ref: number, bytes: Uint8Array, start: number, length: number): boolean => {
    const from = starts[ref]!;
    if (endOf(ref) - from !== length) return false;
    for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
    return true;
  };

  const growSlots = (): void => {
    slots = new Int32Array(slots.length * 2);
    const mask = slots.length - 1;
    for (let ref = 1; ref < size; ref++) {
      let slot = hashes[ref]! & mask;
      while (slots[slot] !== absent) slot = (slot + 1) & mask;
      slots[slot] = ref;
    }
  };

  const append = (bytes: Uint8Array, start: number, end: number, hash: number): number => {
    if (size === starts.length) {
      const room = Math.ceil(size * growth);
      const wider = new Uint32Array(room);
      wider.set(starts);
      starts = wider;
      const widerHashes = new Int32Array(room);
      widerHashes.set(hashes);
      hashes = widerHashes;
    }
    if (used + end - start > arena.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(Math.ceil(arena.length * growth), used + end - start));
      wider.set(arena.subarray(0, used));
      arena = wider;
    }
    for (let i = start; i < end; i++) arena[used + i - start] = bytes[i]!;
    starts[size] = used;
    hashes[size] = hash;
    used += end - start;
    return size++;
  };

  const intern = (bytes: Uint8Array, start: number, end: number): number => {
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
    if (size * 2 > slots.length) growSlots();
    return ref;
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
    text: (ref) => arena.toString('utf8', starts[ref]!, endOf(ref)),
    compare: (a, b) => arena.compare(arena, starts[b]!, endOf(b), starts[a]!, endOf(a)),
  };
}
