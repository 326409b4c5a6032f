import { LakeAccessError } from '../platform/errors.ts';

const wordsPerKey = 4;
/** Keys are stored in blocks, so that growing copies nothing but the index. */
const blockBits = 20;
const blockKeys = 1 << blockBits;

/** The index is made twice as large when it is fuller than this: a look-up then meets two keys on average. */
const mostFull = 0.7;

const noDigit = 0xff;
const digits = new Uint8Array(128).fill(noDigit);
for (const [value, digit] of [...'0123456789abcdef'].entries()) digits[digit.charCodeAt(0)] = value;

/** Packs 32 hexadecimal digits into four words. */
function pack(key: string, words: Uint32Array): void {
  let worst = key.length === 8 * wordsPerKey ? 0 : noDigit;
  for (let i = 0; i < wordsPerKey; i++) {
    let word = 0;
    for (let at = 8 * i; at < 8 * i + 8; at++) {
      const digit = digits[key.charCodeAt(at)] ?? noDigit;
      worst |= digit;
      word = (word << 4) | digit;
    }
    words[i] = word;
  }
  if (worst <= 0xf) return;
  throw new LakeAccessError(
    `the identity key ${JSON.stringify(key.slice(0, 40))} is not 32 hexadecimal digits`,
    'Find out what else than winback ingest writes order versions into this lake.',
  );
}

/**
 * Numbers distinct keys of 128 bits, written as 32 hexadecimal digits, in order of their first appearance. A key takes 16
 * bytes and 6 to 12 of an index with open addressing; keys are hashes, so their own first bits place them in it.
 */
export class PackedKeys {
  readonly #blocks: Uint32Array[] = [];
  readonly #asked = new Uint32Array(wordsPerKey);
  #index = new Uint32Array(1 << 16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  #word(number: number, word: number): number {
    const block = this.#blocks[number >>> blockBits] as Uint32Array;
    return block[(number & (blockKeys - 1)) * wordsPerKey + word] as number;
  }

  #isAt(number: number, words: Uint32Array): boolean {
    for (let i = 0; i < wordsPerKey; i++) if (this.#word(number, i) !== words[i]) return false;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(2 * this.#index.length);
    for (let number = 0; number < this.#count; number++) {
      let slot = this.#word(number, 0) & (larger.length - 1);
      while (larger[slot] !== 0) slot = (slot + 1) & (larger.length - 1);
      larger[slot] = number + 1;
    }
    this.#index = larger;
  }

  /** The number of a key, a new one where it is seen for the first time. */
  numberOf(key: string): number {
    const words = this.#asked;
    pack(key, words);
    const last = this.#index.length - 1;
    let slot = (words[0] as number) & last;
    for (let held = this.#index[slot] as number; held !== 0; held = this.#index[slot] as number) {
      if (this.#isAt(held - 1, words)) return held - 1;
      slot = (slot + 1) & last;
    }
    const number = this.#count++;
    this.#index[slot] = number + 1;
    if (number >>> blockBits === this.#blocks.length) this.#blocks.push(new Uint32Array(blockKeys * wordsPerKey));
    (this.#blocks.at(-1) as Uint32Array).set(words, (number & (blockKeys - 1)) * wordsPerKey);
    if (this.#count > mostFull * this.#index.length) this.#grow();
    return number;
  }

  /** Order of two keys, by their numbers: that of their digits. */
  compare(a: number, b: number): number {
    for (let i = 0; i < wordsPerKey; i++) {
      const difference = this.#word(a, i) - this.#word(b, i);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The first 16 bits of a key: keys in order of them are nearly sorted. */
  prefix(number: number): number {
    return this.#word(number, 0) >>> 16;
  }

  keyOf(number: number): string {
    let key = '';
    for (let i = 0; i < wordsPerKey; i++) key += this.#word(number, i).toString(16).padStart(8, '0');
    return key;
  }
}
