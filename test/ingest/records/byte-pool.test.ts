import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SpillError } from '../../../lambdas/ingest/records/byte-arena.ts';
import { createBytePool } from '../../../lambdas/ingest/records/byte-pool.ts';

afterEach(() => vi.unstubAllEnvs());

/** Texts with many repeats, shared beginnings and lengths around those of the buffers behind a pool. */
const text = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 6, arbitrary: fc.nat(40).map((n) => `INV-2024-${n}`) },
  { weight: 1, arbitrary: fc.nat(3).map((n) => `${n}`.repeat(9_000)) },
  { weight: 1, arbitrary: fc.nat(3).map((n) => `${n}`.repeat(300_000)) },
);

const wholeText = (value: string): string => Buffer.from(value, 'utf8').toString('utf8');

describe('createBytePool', () => {
  for (const resident of [0, 64, 20_000, 4 << 20]) {
    test(`names each text once and gives it back, with ${resident} bytes in memory`, () => {
      fc.assert(
        fc.property(fc.array(text, { maxLength: 60 }), (given) => {
          const pool = createBytePool(resident);
          const known = new Map<string, number>();
          for (const value of given.map(wholeText)) {
            const ref = pool.internText(value);
            expect(ref).toBe(known.get(value) ?? known.size + 1);
            known.set(value, ref);
          }
          expect(pool.size).toBe(known.size + 1);
          pool.seal();
          for (const [value, ref] of known) expect(pool.text(ref) === value).toBe(true);
        }),
        { numRuns: 40 },
      );
    });
  }

  test('sorts by bytes, whatever the texts begin with', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 60 }), fc.constantFrom(0, 200, 4 << 20), (given, resident) => {
        const pool = createBytePool(resident);
        const refs = new Set(given.map((value) => pool.internText(value)));
        const sorted = [...pool.sort(Int32Array.from(refs))].map((ref) => pool.text(ref));
        const expected = [...refs].map((ref) => Buffer.from(pool.text(ref))).sort(Buffer.compare);
        expect(sorted.map((value) => Buffer.from(value)).every((bytes, i) => bytes.equals(expected[i]!))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('finds each of 200,000 texts again', () => {
    const pool = createBytePool(1 << 16);
    for (let i = 0; i < 200_000; i++) pool.internText(`A-${i}`);
    for (let i = 0; i < 200_000; i += 7) expect(pool.internText(`A-${i}`)).toBe(i + 1);
    expect(pool.size).toBe(200_001);
    expect(pool.text(123_457)).toBe('A-123456');
  });

  test('takes no text once it is sealed', () => {
    const pool = createBytePool();
    pool.internText('one');
    pool.seal();
    expect(() => pool.internText('two')).toThrow('sealed');
    expect(pool.text(1)).toBe('one');
  });

  test('leaves nothing to be seen in the folder for temporary files', () => {
    const before = readdirSync(tmpdir()).filter((name) => name.endsWith('.spill'));
    const pool = createBytePool(0);
    pool.internText('eva@shop.example');
    expect(readdirSync(tmpdir()).filter((name) => name.endsWith('.spill'))).toEqual(before);
  });

  test('says where it found no room', () => {
    vi.stubEnv('TMPDIR', '/no/such/folder');
    expect(existsSync('/no/such/folder')).toBe(false);
    const pool = createBytePool(0);
    expect(() => pool.internText('a')).toThrow(SpillError);
    expect(() => pool.internText('b')).toThrow(/\/no\/such\/folder: there is no such file or folder/);
  });
});
