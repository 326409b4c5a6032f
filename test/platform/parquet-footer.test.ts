import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { publishedRuns } from '../../lambdas/lake/tables/runs.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { footerBytes, NoParquetFooter, rowsInFooter } from '../../lambdas/platform/parquet-footer.ts';
import { type TestLake, testLake } from '../support/lake.ts';
import { rewritten } from '../support/parquet.ts';

const night = (i: number) => ({
  as_of: i,
  run_id: `run ${i}`,
  is_current: false,
  model_id: 'm',
  horizon_days: 90,
  trained_on: i,
});

const withLake = async (use: (lake: TestLake) => Promise<void>): Promise<void> => {
  const lake = await testLake('2024-06-30');
  try {
    await use(lake);
  } finally {
    lake.close();
  }
};

async function objectOf(lake: TestLake, rows: number): Promise<Uint8Array> {
  const all = Array.from({ length: rows }, (_, i) => night(i));
  await writeTable(lake.store, publishedRuns, `${rows}.parquet`, all);
  return (await lake.store.read(`${rows}.parquet`))?.body ?? new Uint8Array();
}

test('tells the rows that were written, in one row group or many, from the last bytes alone', () =>
  withLake(async (lake) => {
    for (const rows of [0, 1, 63, 64, 8_191, 70_000]) {
      const body = await objectOf(lake, rows);
      expect(rowsInFooter(body), `${rows}`).toBe(rows);
      const tail = body.slice(-footerBytes(body.slice(-8)));
      expect(rowsInFooter(tail)).toBe(rows);
      expect(tail.length).toBeLessThan(10_000);
      expect(rowsInFooter(rewritten(body, { note: 'x'.repeat(70_000) }))).toBe(rows);
    }
  }));

test('tells those of a wide table that the engine wrote', () =>
  withLake(async (lake) => {
    const typical = { varchar: "'x'", date: "date '2024-01-01'" } as Readonly<Record<string, string>>;
    const values = Object.entries(customerFeatures.columns).map(([name, { type }]) =>
      name === customerFeatures.key[0] ? `cast(i as varchar) as ${name}` : `${typical[type] ?? '1'} as ${name}`,
    );
    const sql = `select ${values.join(', ')} from range(5000) as t (i)`;
    const { files } = await lake.engine.materialise({ name: 'wide', sql }, customerFeatures, lake.night.run);
    for (const { key, rows } of files)
      expect(rowsInFooter((await lake.store.read(key))?.body ?? new Uint8Array())).toBe(rows);
    expect(files.length).toBeGreaterThan(0);
  }));

test('whatever the bytes, it is a number or no footer', () =>
  withLake(async (lake) => {
    const body = await objectOf(lake, 100);
    const footer = footerBytes(body);
    for (const cut of [0, 4, 7]) expect(() => footerBytes(body.slice(0, cut))).toThrow(NoParquetFooter);
    expect(() => rowsInFooter(body.slice(0, -1))).toThrow(NoParquetFooter);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(footer - 9), fc.nat(255)), { minLength: 1, maxLength: 5 }), (changes) => {
        const damaged = body.slice(-footer);
        for (const [at, value] of changes) damaged[at] = value;
        try {
          expect(Number.isFinite(rowsInFooter(damaged))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(NoParquetFooter);
        }
      }),
    );
    const hollow = new Uint8Array([...new Uint8Array(5), 5, 0, 0, 0, ...Buffer.from('PAR1')]);
    expect(() => rowsInFooter(hollow)).toThrow('no number of rows');
  }));
