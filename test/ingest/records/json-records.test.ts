import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../../lambdas/ingest/check.ts';
import { localLimits } from '../../../lambdas/ingest/ingest.ts';
import { listPaths } from '../../../lambdas/ingest/records/json-cutter.ts';
import { createJsonReader } from '../../../lambdas/ingest/records/json-values.ts';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import { memoryFile } from '../memory-file.ts';

const config = parseConfig({ ingest: { max_rejected_pct: 100 } }, 'test settings');
const check = (bytes: Uint8Array | string, chunkBytes = 1 << 16): Promise<CheckReport> =>
  checkFile(memoryFile('orders.json', bytes, { chunkBytes }), config, localLimits);

describe('lists of objects in an object', () => {
  test.each([
    ['{"orders":[{"id":1}]}', [['orders']]],
    ['{"a":{"b":{"orders":[ {"id":1,"items":[{"x":1}]} ]}},"c":[1],"d":[]}', [['a', 'b', 'orders']]],
    ['{"a":[{"b":[{"c":1}]}],"d":[[{"e":1}]]}', [['a']]],
    ['{"a":"[{","b\\"":[{"c":1}]}', [['b"']]],
    ['{"a":[{"cut', [['a']]],
    ['{"id":1}\n{"orders":[{"id":1}]}', []],
    ['{"id":1}', []],
  ])('%s', (text, paths) => {
    expect(listPaths(text)).toEqual(paths);
  });
});

describe('members of an object', () => {
  test('have the names of their paths, and objects and lists come besides', () => {
    const seen: string[] = [];
    const text = '{"a":1.50,"b":{"c":null,"d":[{"e":"x"},{"e":true},[{"f":1}],7]},"g":[],"h":{}}';
    expect(createJsonReader()(text, (name, value, kind) => seen.push(`${name}=${value}:${kind}`))).toBe(true);
    expect(seen).toEqual([
      'a=1.50:number',
      'b.c=:text',
      'b.d[].e=x:text',
      'b.d[]=:composite',
      'b.d[].e=true:boolean',
      'b.d[]=:composite',
      'b.d=:composite',
      'b=:composite',
      'g=:composite',
      'h=:composite',
    ]);
  });

  test.each([
    '{"a":1,}',
    '{,}',
    '{"a" 1}',
    '{"a":1}}',
    '{"a":1',
    '[]',
    '1',
    '',
    '{"a":tru}',
    '{"a":"\\"}',
    '{a:1}',
    '{"a":+1}',
  ])('%s is no object', (text) => {
    expect(createJsonReader()(text, () => undefined)).toBe(false);
  });
});

describe('hostile and damaged JSON', () => {
  const order = '{"order_id":"1","customer_id":"c","order_ts":"2024-03-01","total":5}';

  test('a million brackets overflow nothing, in a line, in a list and around a list', async () => {
    const deep = '['.repeat(1_000_000);
    const line = await check(`${order}\n{"a":${deep}}\n`);
    expect(line.counts).toMatchObject({ read: 2, accepted: 1, rejected: 1 });
    const closed = `${deep}${']'.repeat(1_000_000)}`;
    expect((await check(`[${order},{"a":${closed}}]`)).counts).toMatchObject({ accepted: 1, rejected: 1 });
    const around = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await check(`{"a":${around},"orders":[${order}]}`)).counts).toMatchObject({ read: 1, accepted: 1 });
  });

  test('a record that never ends is refused before it fills the memory', async () => {
    const endless = Buffer.alloc(70 << 20, 'x');
    endless.write(`${order}\n{"order_id":"`);
    const report = await check(endless);
    expect(report.refusal?.code).toBe('too_large');
  });

  test('mutants are refused or account for every record', async () => {
    const golden = fileURLToPath(new URL('../golden/', import.meta.url));
    const originals = readdirSync(golden)
      .filter((name) => name.startsWith('json-') && name !== 'json-deep-nesting')
      .sort()
      .map((name) =>
        readFileSync(`${golden}${name}/${readdirSync(golden + name).find((f) => f.startsWith('export.'))!}`),
      );
    const odd = Buffer.from('{}[]",:\\\n0eu\x00\xff', 'latin1');
    let state = 20_240_630;
    const random = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    let accepted = 0;
    for (let i = 0; i < 300; i++) {
      const mutant = Buffer.from(originals[random(originals.length)]!);
      for (let n = 1 + random(3); n > 0; n--) mutant[random(mutant.length)] = odd[random(odd.length)]!;
      const { counts, orders } = await check(random(6) === 0 ? mutant.subarray(0, random(mutant.length)) : mutant, 97);
      expect(counts.accepted + counts.folded + counts.duplicate + counts.rejected).toBe(counts.read);
      expect([...orders()]).toHaveLength(counts.accepted);
      accepted += counts.accepted;
    }
    expect(accepted).toBeGreaterThan(50);
  });
});

test('maps by article number cost no more than the columns that are read, and hide none of them', async () => {
  const orders = Array.from({ length: 4_000 }, (_, i) => {
    const items = { [`L${2 * i}`]: { sku: 'A', price: 1 }, [`L${2 * i + 1}`]: { sku: 'B', price: 2 } };
    const refund = i === 3_999 ? { totals: { other: 1 }, refunded: 2.5 } : {};
    return JSON.stringify({ items, order_id: `${i}`, customer_id: 'c', order_ts: '2024-01-05', total: 3, ...refund });
  });
  const report = await check(orders.join('\n'));
  expect(report.counts).toMatchObject({ read: 4_000, accepted: 4_000 });
  expect([...report.orders()].at(-1)).toMatchObject({ order_id: '3999', gross: '3.00', refunded: '2.50' });
});
