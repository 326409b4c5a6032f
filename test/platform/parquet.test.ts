import { readdir } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Columns,
  count,
  date,
  flag,
  integer,
  money,
  optionalCount,
  optionalDate,
  optionalFlag,
  optionalInteger,
  optionalMoney,
  optionalReal,
  optionalText,
  type RowOf,
  real,
  text,
  timestamp,
} from '../../lambdas/lake/column.ts';
import { defineTable, type Table } from '../../lambdas/lake/table.ts';
import { orders } from '../../lambdas/lake/tables/curated.ts';
import { readArrow, readSlices, tableWriter, writeTable } from '../../lambdas/platform/parquet.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { day, type TestLake, testLake } from '../support/lake.ts';

const everyType = {
  id: integer('Row.'),
  a_text: text('Text.'),
  a_flag: flag('Flag.'),
  an_integer: integer('Integer.'),
  a_count: count('Count.'),
  a_real: real('Real.'),
  a_date: date('Date.'),
  a_time: timestamp('Time.'),
  an_amount: money('Money.'),
  text_or_null: optionalText('Text.'),
  flag_or_null: optionalFlag('Flag.'),
  integer_or_null: optionalInteger('Integer.'),
  count_or_null: optionalCount('Count.'),
  real_or_null: optionalReal('Real.'),
  date_or_null: optionalDate('Date.'),
  amount_or_null: optionalMoney('Money.'),
};
type Row = RowOf<typeof everyType>;

const table: Table<typeof everyType> = defineTable({
  name: 'every_type',
  kind: 'ingested',
  grain: 'One row.',
  key: ['id'],
  columns: everyType,
});

let lake: TestLake;
beforeAll(async () => {
  lake = await testLake('2024-06-30');
});
afterAll(() => lake.close());

let objects = 0;
const newKey = (): string => `parquet/${objects++}.parquet`;

/** Rows of an object as DuckDB reads them, an engine that shares no code with the writer. */
function readByDuckDb<C extends Columns>(key: string, shape: { columns: C; key: readonly string[] }) {
  const path = `${lake.root}/${key}`;
  return rowsOf(lake.engine, { name: 'read', sql: `select * from read_parquet('${path}')` }, shape);
}

async function roundTrip(rows: readonly Row[]): Promise<Row[]> {
  const key = newKey();
  expect((await writeTable(lake.store, table, key, rows)).rows).toBe(rows.length);
  return readByDuckDb(key, table);
}

const plain: Row = {
  id: 0,
  a_text: '',
  a_flag: false,
  an_integer: 0,
  a_count: 0,
  a_real: 0,
  a_date: 0,
  a_time: 0n,
  an_amount: 0n,
  text_or_null: null,
  flag_or_null: null,
  integer_or_null: null,
  count_or_null: null,
  real_or_null: null,
  date_or_null: null,
  amount_or_null: null,
};
const largestMoney = 10n ** 18n - 1n;

const arbitraryRow = fc.record({
  a_text: fc.string({ unit: 'grapheme', maxLength: 12 }),
  a_flag: fc.boolean(),
  an_integer: fc.integer(),
  a_count: fc.maxSafeInteger(),
  a_real: fc.double({ noNaN: true, noDefaultInfinity: true }),
  a_date: fc.integer({ min: day('1000-01-01'), max: day('9999-12-31') }),
  a_time: fc.bigInt({ min: -30_610_224_000_000_000n, max: 253_402_300_799_999_999n }),
  an_amount: fc.bigInt({ min: -largestMoney, max: largestMoney }),
  text_or_null: fc.option(fc.string({ unit: 'grapheme', maxLength: 12 })),
  flag_or_null: fc.option(fc.boolean()),
  integer_or_null: fc.option(fc.integer()),
  count_or_null: fc.option(fc.maxSafeInteger()),
  real_or_null: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  date_or_null: fc.option(fc.integer({ min: day('1000-01-01'), max: day('9999-12-31') })),
  amount_or_null: fc.option(fc.bigInt({ min: -largestMoney, max: largestMoney })),
});

describe('the Parquet writer', () => {
  test('keeps the edges of every type, as another engine reads them', async () => {
    const rows: Row[] = [
      plain,
      {
        id: 1,
        a_text: 'árvíztűrő ร้าน 商店 🛒 "quoted", \u0000\n',
        a_flag: true,
        an_integer: 2 ** 31 - 1,
        a_count: Number.MAX_SAFE_INTEGER,
        a_real: 0.1 + 0.2,
        a_date: day('9999-12-31'),
        a_time: 253_402_300_799_999_999n,
        an_amount: largestMoney,
        text_or_null: '',
        flag_or_null: false,
        integer_or_null: -(2 ** 31),
        count_or_null: Number.MIN_SAFE_INTEGER,
        real_or_null: -5e-324,
        date_or_null: day('1000-01-01'),
        amount_or_null: -largestMoney,
      },
      { ...plain, id: 2, amount_or_null: -1n, flag_or_null: true, an_amount: -1n, text_or_null: 'null' },
    ];
    expect(await roundTrip(rows)).toEqual(rows);
  });

  test('keeps any rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryRow, { maxLength: 70 }), async (given) => {
        const rows = given.map((row, id): Row => ({ id, ...row }));
        expect(await roundTrip(rows)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });

  test('keeps rows over the borders of batches and row groups', async () => {
    const rows = Array.from(
      { length: 70_000 },
      (_, id): Row => ({ ...plain, id, a_text: `row ${id}`, an_amount: BigInt(id), date_or_null: id % 3 ? id : null }),
    );
    const back = await roundTrip(rows);
    expect(back).toHaveLength(70_000);
    for (const id of [0, 8_191, 8_192, 65_535, 65_536, 69_999]) expect(back[id]).toEqual(rows[id]);
  });

  test('is read in slices that are the whole, over the borders of row groups', async () => {
    const rows = Array.from({ length: 40_000 }, (_, id): Row => ({ ...plain, id, a_text: `row ${id}` }));
    const key = newKey();
    await writeTable(lake.store, table, key, rows);
    const { body } = (await lake.store.read(key))!;
    for (const size of [15_000, 20_000, 40_000, 50_000]) {
      const slices = [...readSlices(body, size)];
      expect(slices.map((slice) => slice.numRows).reduce((a, b) => a + b)).toBe(40_000);
      expect(Math.max(...slices.map((slice) => slice.numRows))).toBeLessThanOrEqual(size);
      const ids = slices.flatMap((slice) => Array.from(slice.getChild('id')!, Number));
      expect(ids.every((id, i) => id === i)).toBe(true);
    }
    const empty = newKey();
    await writeTable(lake.store, table, empty, []);
    expect([...readSlices((await lake.store.read(empty))!.body, 10)]).toEqual([]);
  });

  test('writes a table without rows, with its columns', async () => {
    const key = newKey();
    expect(await writeTable(lake.store, table, key, [])).toMatchObject({ rows: 0 });
    expect(await readByDuckDb(key, table)).toEqual([]);
    const found = await lake.store.read(key);
    expect(readArrow(found!.body).schema.fields.map((field) => field.name)).toEqual(Object.keys(everyType));
  });

  test('gives columns the SQL types of the contract', async () => {
    const key = newKey();
    await writeTable(lake.store, orders, key, []);
    const described = await rowsOf(
      lake.engine,
      {
        name: 'describe',
        sql: `select column_name, lower(column_type) as column_type
              from (describe select * from read_parquet('${lake.root}/${key}'))`,
      },
      { columns: { column_name: text(''), column_type: text('') }, key: ['column_name'] },
    );
    const types = Object.fromEntries(described.map((row) => [row.column_name, row.column_type]));
    expect(types).toMatchObject({
      order_id: 'varchar',
      record_no: 'bigint',
      versions_seen: 'integer',
      ordered_at: 'timestamp',
      order_date: 'date',
      gross_amount: 'decimal(18,4)',
      is_sale: 'boolean',
    });
    expect(Object.keys(types)).toHaveLength(Object.keys(orders.columns).length);
  });

  test('gives the same bytes for the same rows', async () => {
    const rows = fc.sample(arbitraryRow, { numRuns: 9_000, seed: 5 }).map((row, id): Row => ({ id, ...row }));
    const [first, second] = [newKey(), newKey()];
    await writeTable(lake.store, table, first, rows);
    await writeTable(lake.store, table, second, rows);
    expect((await lake.store.read(first))!.etag).toBe((await lake.store.read(second))!.etag);
  });

  test('refuses null in a required column by name, and leaves nothing behind', async () => {
    const faulty = { ...plain, an_amount: null as never };
    const few = newKey();
    await expect(writeTable(lake.store, table, few, [faulty])).rejects.toThrow('column an_amount may not be null');
    const many = newKey();
    const rows = Array.from({ length: 10_000 }, (_, id) => (id === 9_000 ? faulty : { ...plain, id }));
    await expect(writeTable(lake.store, table, many, rows)).rejects.toThrow('column an_amount may not be null');
    expect(await lake.store.read(few)).toBeNull();
    expect(await lake.store.read(many)).toBeNull();
    expect(await hiddenFiles()).toEqual([]);
  });

  test('an object is there once the writer is closed, and never after it gave up', async () => {
    const key = newKey();
    const writer = tableWriter(lake.store, table, key);
    await writer.append(plain);
    expect(await lake.store.read(key)).toBeNull();
    expect(await writer.close()).toMatchObject({ rows: 1 });
    expect(await readByDuckDb(key, table)).toEqual([plain]);

    const given = newKey();
    const givingUp = tableWriter(lake.store, table, given);
    for (let id = 0; id < 9_000; id++) await givingUp.append({ ...plain, id });
    await givingUp.abort(new Error('no more'));
    expect(await lake.store.read(given)).toBeNull();
    expect(await hiddenFiles()).toEqual([]);
  });

  test('passes on what the store says, to whoever appends or closes', async () => {
    const full = { ...lake.store, write: () => Promise.reject(new Error('the disk is full')) };
    const rows = Array.from({ length: 40_000 }, (_, id) => ({ ...plain, id }));
    await expect(writeTable(full, table, newKey(), rows)).rejects.toThrow('the disk is full');
    await expect(writeTable(full, table, newKey(), [plain])).rejects.toThrow('the disk is full');
  });
});

async function hiddenFiles(): Promise<string[]> {
  return (await readdir(lake.root, { recursive: true })).filter((path) => path.endsWith('.part'));
}
