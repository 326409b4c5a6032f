/** A stream of uniformly distributed unsigned 32-bit integers. */
export type Random = () => number;

/** The finaliser of MurmurHash3 (Appleby): every input bit changes about half of the output bits. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** sfc32, the 32-bit "small fast counting" generator of PractRand (Doty-Humphrey): 128 bits of state, period ≥ 2^32. */
function sfc32(a: number, b: number, c: number): Random {
  let counter = 1;
  return () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  };
}

/**
 * The generator of one purpose: the same seed and stream numbers give the same sequence, any other combination an
 * unrelated one. Seed and streams are integers; of each the low 32 bits count.
 */
export function randomFor(seed: number, ...streams: readonly number[]): Random {
  const words = [mix(seed + 0x9e3779b9), mix(seed + 0x3c6ef372), mix(seed + 0x5a827999)] as const;
  let [a, b, c] = words;
  for (const stream of streams) {
    a = mix(a ^ (stream + 0x9e3779b9));
    b = mix((b + a) ^ stream);
    c = mix((c + b) ^ Math.imul(stream, 0x27d4eb2f));
  }
  const random = sfc32(a, b, c);
  for (let warmUp = 0; warmUp < 12; warmUp++) random();
  return random;
}

/** A uniform number in [0, 1), a multiple of 2^-32. */
export function uniform(random: Random): number {
  return random() / 0x100000000;
}

/** A uniform integer in [0, n), without bias: bits are masked to the next power of two and redrawn when too large. n is in 1 … 2^31. */
export function integerBelow(random: Random, n: number): number {
  const mask = n > 1 ? 0xffffffff >>> Math.clz32(n - 1) : 0;
  let value = random() & mask;
  while (value >= n) value = random() & mask;
  return value;
}

/** Draws `draws` of the numbers 0 … n−1 with replacement and writes into `counts` (length n) how often each came. */
export function drawWithReplacement(random: Random, draws: number, counts: Int32Array): void {
  counts.fill(0);
  const n = counts.length;
  for (let i = 0; i < draws; i++) counts[integerBelow(random, n)]!++;
}

/**
 * Moves the next uniformly drawn member to position `taken` of `pool`, so that `pool[0 … taken]` is a sample without
 * replacement (one step of the Fisher–Yates shuffle). Any order of `pool` beforehand will do.
 */
export function drawNext(random: Random, pool: Int32Array, taken: number): number {
  const at = taken + integerBelow(random, pool.length - taken);
  const drawn = pool[at]!;
  pool[at] = pool[taken]!;
  pool[taken] = drawn;
  return drawn;
}

/** k different numbers of 0 … n−1, in the order in which they were drawn. k = n gives a shuffle. */
export function sampleWithoutReplacement(random: Random, k: number, n: number): Int32Array {
  const pool = Int32Array.from({ length: n }, (_, i) => i);
  for (let taken = 0; taken < k; taken++) drawNext(random, pool, taken);
  return pool.slice(0, k);
}
