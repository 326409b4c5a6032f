import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { count, optionalMoney, optionalText, text, timestamp } from '../../../lambdas/lake/column.ts';
import { QueryTimeout } from '../../../lambdas/platform/aws/athena-query.ts';
import { QueryError } from '../../../lambdas/platform/errors.ts';
import { rowsOf } from '../../../lambdas/platform/query-engine.ts';
import type { AthenaFaults, StartedQuery, ToldState } from '../../support/athena/server.ts';
import { type AwsLake, awsLake } from '../../support/aws-lake.ts';
import { run, statement, stored, table } from './unloaded-cohorts.ts';

let root: string;
let lake: AwsLake;
let faults: AthenaFaults;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-athena-'));
  faults = {};
  lake = await awsLake(root, {
    athenaFaults: {
      refuse: (action) => faults.refuse?.(action),
      tell: (query) => faults.tell?.(query) ?? [],
      fail: (query) => faults.fail?.(query),
    },
  });
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true, force: true });
});

const one = { name: 'one', sql: 'select 1 as n' };
const running = { state: 'RUNNING' as const };
const n = { columns: { n: count('') }, key: ['n'] };
const patient = (ms: number) => ({ query: ms, recovery: 200, firstPoll: 5, clockSkew: 0 });
/** Tells the first query of a statement these states, and all others the truth. */
const tellFirst =
  (...states: ToldState[]) =>
  (query: StartedQuery): readonly ToldState[] =>
    query.earlier === 0 ? states : [];

describe('rows', () => {
  test('come typed and in order of the key, nulls and odd texts as they are', async () => {
    const values = [
      "('b', cast(12.5 as decimal(18,4)), timestamp '2024-03-01 10:15:00.250')",
      `('a "quoted", x', null, timestamp '2024-03-01 00:00:00')`,
      "('', cast(-0.0001 as decimal(18,4)), timestamp '1999-12-31 23:59:59')",
      "('two\nlines', cast(0 as decimal(18,4)), timestamp '2024-03-01 00:00:00')",
      "(null, null, timestamp '2024-03-01 00:00:00')",
    ];
    const sql = `select * from (values ${values.join(', ')}) as t (name, spend, seen_at)`;
    const shape = {
      columns: { name: optionalText(''), spend: optionalMoney(''), seen_at: timestamp('') },
      key: ['name'],
    };
    expect(await rowsOf(lake.engine('x'), { name: 'odd', sql }, shape)).toEqual([
      { name: '', spend: -1n, seen_at: BigInt(Date.parse('1999-12-31T23:59:59Z')) * 1000n },
      { name: 'a "quoted", x', spend: null, seen_at: BigInt(Date.parse('2024-03-01T00:00:00Z')) * 1000n },
      { name: 'b', spend: 125_000n, seen_at: BigInt(Date.parse('2024-03-01T10:15:00.250Z')) * 1000n },
      { name: 'two\nlines', spend: 0n, seen_at: BigInt(Date.parse('2024-03-01T00:00:00Z')) * 1000n },
      { name: null, spend: null, seen_at: BigInt(Date.parse('2024-03-01T00:00:00Z')) * 1000n },
    ]);
  });

  test('of a result of several megabytes are all there', async () => {
    const sql = "select cast(i as varchar) || repeat('x', 100) as name from range(30000) as t (i)";
    const rows = await rowsOf(lake.engine('x'), { name: 'many', sql }, { columns: { name: text('') }, key: ['name'] });
    expect(rows).toHaveLength(30_000);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(30_000);
  });

  test('of contact data come from the workgroup whose results stay with contact data', async () => {
    await rowsOf(lake.engine('x'), one, n);
    const contacts = { name: 'contacts', sql: 'select count(*) as n from customers_runs' };
    await rowsOf(lake.engine('x'), contacts, n);
    expect(lake.athena.queries.map(({ workgroup }) => workgroup)).toEqual(['winback', 'winback-contacts']);
    expect(lake.s3.buckets.keys('personal').filter((key) => key.startsWith('query-results/'))).toHaveLength(1);
  });
});

describe('a query', () => {
  test('asked for again by the same attempt is the same; by another attempt it is new', async () => {
    await rowsOf(lake.engine('run/1/features'), one, n);
    await rowsOf(lake.engine('run/1/features'), one, n);
    expect(lake.athena.queries).toHaveLength(1);
    await rowsOf(lake.engine('run/2/features'), one, n);
    expect(lake.athena.queries).toHaveLength(2);
    expect(new Set(lake.athena.queries.map(({ token }) => token)).size).toBe(2);
  });

  test('is waited for while it is queued for long', async () => {
    faults = { tell: tellFirst(...Array.from({ length: 8 }, () => ({ state: 'QUEUED' as const }))) };
    expect(await rowsOf(lake.engine('x', patient(20_000)), one, n)).toEqual([{ n: 1 }]);
  });

  test('is stopped when it is given up, and the error says what to do', async () => {
    faults = { tell: () => Array.from({ length: 100_000 }, () => ({ state: 'RUNNING' as const })) };
    const error: unknown = await rowsOf(lake.engine('x', patient(200)), one, n).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryTimeout);
    expect(error).toMatchObject({ message: expect.stringMatching(/statement one: .* was RUNNING .* was stopped/) });
    expect(lake.athena.stopped).toEqual([lake.athena.queries[0]?.id]);
  });

  test('that an earlier call of the function gave up is not handed to the next: it starts another', async () => {
    faults = { tell: ({ earlier }) => (earlier === 0 ? Array.from({ length: 100_000 }, () => running) : []) };
    await expect(rowsOf(lake.engine('x', patient(200)), one, n)).rejects.toBeInstanceOf(QueryTimeout);
    faults = {};
    expect(await rowsOf(lake.engine('x', patient(20_000)), one, n)).toEqual([{ n: 1 }]);
    expect(lake.athena.queries).toHaveLength(2);
  });

  test.each(['TooManyRequestsException', 'ThrottlingException'])('is tried again after %s', async (code) => {
    let refusals = 0;
    faults = { refuse: () => (refusals++ < 3 ? code : undefined) };
    expect(await rowsOf(lake.engine('x'), one, n)).toEqual([{ n: 1 }]);
    expect(refusals).toBeGreaterThan(3);
    expect(lake.athena.queries).toHaveLength(1);
  });

  test('that failed because S3 was busy and is taken up again by Athena is one query', async () => {
    const slow = { state: 'FAILED' as const, reason: 'Amazon S3 SlowDown: please reduce your request rate' };
    faults = { tell: tellFirst(slow, slow, { state: 'RUNNING' }) };
    expect(await rowsOf(lake.engine('x'), one, n)).toEqual([{ n: 1 }]);
    expect(lake.athena.queries).toHaveLength(1);
  });

  test('that failed because S3 was busy for good is started anew', async () => {
    faults = { fail: ({ earlier }) => (earlier === 0 ? 'SlowDown: please reduce your request rate' : undefined) };
    expect(await rowsOf(lake.engine('x', patient(20_000)), one, n)).toEqual([{ n: 1 }]);
    expect(lake.athena.queries).toHaveLength(2);
  });

  test('whose reason happens to hold the digits of a status is not taken for a failure of the service', async () => {
    faults = { fail: () => 'TYPE_MISMATCH: value 1503 is out of range' };
    await expect(rowsOf(lake.engine('x', patient(20_000)), one, n)).rejects.toBeInstanceOf(QueryError);
    expect(lake.athena.queries).toHaveLength(1);
  });

  test('that S3 answered with 503 is started anew', async () => {
    faults = { fail: ({ earlier }) => (earlier === 0 ? 'Status Code: 503; Service Unavailable' : undefined) };
    expect(await rowsOf(lake.engine('x', patient(20_000)), one, n)).toEqual([{ n: 1 }]);
  });

  test.each([
    ['fails', 'FAILED' as const, 'SYNTAX_ERROR: line 1:8: Column n cannot be resolved'],
    ['is cancelled', 'CANCELLED' as const, 'Query cancelled by user'],
  ])('that %s is a QueryError with statement, reason and execution', async (_, state, reason) => {
    faults = { tell: () => [{ state, reason }] };
    const error: unknown = await rowsOf(lake.engine('x'), one, n).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(QueryError);
    expect((error as Error).message).toContain(`statement one failed: ${state}`);
    expect((error as Error).message).toContain(reason);
    expect(lake.athena.queries).toHaveLength(1);
  });
});

describe('a table', () => {
  test('is unloaded as objects, registered and counted', async () => {
    const engine = lake.engine('x');
    const partition = await engine.materialise(statement(12_000), table, run);
    expect(partition.rows).toBe(12_000);
    expect(partition.files.map(({ key }) => key)).toEqual(stored(lake));
    expect(partition.files.length).toBeGreaterThan(1);
    const paidFor = lake.athena.queries.filter(({ sql }) => !sql.startsWith('alter table'));
    expect(paidFor).toHaveLength(2);
    expect(engine.scanned?.()).toEqual({ bytes: lake.athena.queries.length * 1_000_000, billedBytes: 2 * 10_000_000 });
    const counted = { name: 'n', sql: `select count(*) as n from ${table.name}_runs` };
    expect(await rowsOf(lake.engine('x'), counted, n)).toEqual([{ n: 12_000 }]);
  });

  test('is forgotten for the runs that are named, again and again', async () => {
    const engine = lake.engine('x');
    const runs = Array.from({ length: 60 }, (_, i) => ({ ...run, asOf: run.asOf + i }));
    for (const each of [runs[0]!, runs[55]!, runs[59]!]) await engine.materialise(statement(10), table, each);
    await engine.forget(table, runs.slice(0, 59));
    await engine.forget(table, runs.slice(0, 59));
    const counted = { name: 'n', sql: `select count(*) as n from ${table.name}_runs` };
    expect(await rowsOf(lake.engine('y'), counted, n)).toEqual([{ n: 10 }]);
    expect(stored(lake)).not.toEqual([]);
  });

  test('without rows is an empty partition', async () => {
    const partition = await lake.engine('x').materialise(statement(0), table, run);
    expect(partition).toMatchObject({ rows: 0, files: [] });
  });

  test('of a try that failed half-way is unloaded to another place, and what was left is not read', async () => {
    faults = {
      fail: ({ sql, earlier }) => {
        if (!sql.startsWith('unload') || earlier > 0) return undefined;
        const place = /to 's3:\/\/lake\/([^']+)'/.exec(sql)?.[1];
        if (!place?.endsWith('/0/')) return undefined;
        lake.s3.buckets.write('lake', `${place}orphan`, { body: Buffer.from('half a file'), headers: {} });
        return 'SlowDown: please reduce your request rate';
      },
    };
    const partition = await lake.engine('x', patient(20_000)).materialise(statement(100), table, run);
    expect(partition.rows).toBe(100);
    expect(partition.files.every(({ key }) => key.includes('/1/1/'))).toBe(true);
    expect(stored(lake).some((key) => key.endsWith('orphan'))).toBe(true);
  });

  test('that is registered already stays: a second attempt finds the first one', async () => {
    const first = await lake.engine('x').materialise(statement(100), table, run);
    const again = await lake.engine('y').materialise(statement(100), table, { ...run, attempt: 2 });
    expect(again.files).toEqual(first.files);
  });
});
