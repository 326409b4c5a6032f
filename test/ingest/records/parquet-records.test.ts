import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  Table as ArrowTable,
  Decimal,
  Float64,
  Int64,
  TimestampMicrosecond,
  tableToIPC,
  Utf8,
  type Vector,
  vectorFromArray,
} from 'apache-arrow';
import { Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import { describe, expect, test } from 'vitest';
import { type CheckReport, checkFile } from '../../../lambdas/ingest/check.ts';
import { localLimits } from '../../../lambdas/ingest/ingest.ts';
import { parseConfig } from '../../../lambdas/platform/config/config.ts';
import { goldenCase } from '../golden-case.ts';
import { memoryFile } from '../memory-file.ts';
import { seededRandom } from '../mutants.ts';

const config = parseConfig({ ingest: { max_rejected_pct: 100 } }, 'test settings');
const check = (name: string, bytes: Uint8Array | string): Promise<CheckReport> =>
  checkFile(memoryFile(name, bytes, { chunkBytes: 4_096 }), config, localLimits);

function parquetOf(columns: Record<string, Vector>, rowGroupRows: number): Uint8Array {
  const table = WasmTable.fromIPCStream(tableToIPC(new ArrowTable(columns), 'stream'));
  return writeParquet(table, new WriterPropertiesBuilder().setMaxRowGroupSize(rowGroupRows).build());
}

describe('rows of Parquet', () => {
  test('are the records that the same orders as text are, over many slices and row groups', async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => i);
    const at = (i: number): number => 1_600_000_000 + i * 997;
    const parquet = parquetOf(
      {
        order_id: vectorFromArray(
          rows.map((i) => BigInt(i) + 2n ** 60n),
          new Int64(),
        ),
        customer_id: vectorFromArray(
          rows.map((i) => (i % 5 === 0 ? null : i % 300)),
          new Float64(),
        ),
        email: vectorFromArray(
          rows.map((i) => (i % 3 === 0 ? null : `c${i % 300}@shop.example`)),
          new Utf8(),
        ),
        order_ts: vectorFromArray(
          rows.map((i) => at(i) * 1e3),
          new TimestampMicrosecond('UTC'),
        ),
        total: vectorFromArray(
          rows.map((i) => Uint32Array.of(i * 37 + 5, 0, 0, 0)),
          new Decimal(2, 18),
        ),
      },
      700,
    );
    const lines = rows.map((i) => {
      const customer = i % 5 === 0 ? '' : i % 300;
      const email = i % 3 === 0 ? '' : `c${i % 300}@shop.example`;
      const cents = i * 37 + 5;
      const total = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
      return `${BigInt(i) + 2n ** 60n},${customer},${email},${new Date(at(i) * 1000).toISOString()},${total}`;
    });
    const fromParquet = await check('orders.parquet', parquet);
    const fromText = await check('orders.csv', ['order_id,customer_id,email,order_ts,total', ...lines, ''].join('\n'));

    expect(fromParquet.counts).toEqual(fromText.counts);
    expect(fromParquet.counts.accepted).toBe(5_000);
    const withoutLines = (report: CheckReport) => [...report.orders()].map((order) => ({ ...order, line_no: null }));
    expect(withoutLines(fromParquet)).toEqual(withoutLines(fromText));
  });
});

describe('damaged Parquet files', () => {
  const golden = fileURLToPath(new URL('../golden/', import.meta.url));
  const originals = readdirSync(golden)
    .filter((name) => name.startsWith('parquet-'))
    .sort()
    .map((name) => goldenCase(`${golden}${name}/`).content);

  test('are refused or account for every record, and leave the reader able to read the next file', async () => {
    const random = seededRandom(20_240_630);
    for (let i = 0; i < 300; i++) {
      const mutant = Buffer.from(originals[random(originals.length)]!);
      for (let n = 1 + random(3); n > 0; n--) {
        const at = random(2) === 0 ? random(mutant.length) : Math.max(0, mutant.length - 1 - random(900));
        mutant[at] = random(256);
      }
      const report = await check(
        'mutant.parquet',
        random(6) === 0 ? mutant.subarray(0, random(mutant.length)) : mutant,
      );
      const { read, accepted, folded, duplicate, rejected } = report.counts;
      expect(accepted + folded + duplicate + rejected).toBe(read);
      expect([...report.orders()]).toHaveLength(accepted);
    }
    const good = await check('good.parquet', readFileSync(`${golden}parquet-plain/export.parquet`));
    expect(good.counts.accepted).toBe(3);
  });

  test('cut off anywhere are refused', async () => {
    const whole = readFileSync(`${golden}parquet-plain/export.parquet`);
    for (let length = 4; length < whole.length; length += 61) {
      const report = await check('cut.parquet', whole.subarray(0, length));
      expect(report.verdict).toBe('refused');
    }
  });
});
