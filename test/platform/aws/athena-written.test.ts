import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LakeAccessError } from '../../../lambdas/platform/errors.ts';
import type { AthenaFaults } from '../../support/athena/server.ts';
import { type AwsLake, awsLake } from '../../support/aws-lake.ts';
import { rewritten } from '../../support/parquet.ts';
import type { S3Fault } from '../../support/s3/server.ts';
import { run, statement, stored, table } from './unloaded-cohorts.ts';

let root: string;
let lake: AwsLake;
let faults: AthenaFaults;
let s3Fault: S3Fault;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-athena-'));
  faults = {};
  s3Fault = () => undefined;
  lake = await awsLake(root, {
    s3Fault: (call) => s3Fault(call),
    athenaFaults: {
      refuse: (action) => faults.refuse?.(action),
      fail: (query) => faults.fail?.(query),
    },
  });
});
afterEach(async () => {
  await lake.close();
  await rm(root, { recursive: true, force: true });
});

describe('a partition', () => {
  test('among whose objects is one that Athena did not write is refused', async () => {
    faults = {
      fail: ({ sql }) => {
        const place = /^alter table .* location 's3:\/\/lake\/([^']+)'$/.exec(sql)?.[1];
        const written = place && lake.s3.buckets.keys('lake').find((key) => key.startsWith(place));
        if (!written) return undefined;
        lake.s3.buckets.write('lake', `${place}stray`, { body: lake.s3.buckets.body('lake', written), headers: {} });
        return undefined;
      },
    };
    await expect(lake.engine('x').materialise(statement(100), table, run)).rejects.toBeInstanceOf(LakeAccessError);
  });

  /** Loses objects between their being written and being registered. @returns their keys */
  function losing(how: (written: readonly string[]) => readonly string[]): string[] {
    const lost: string[] = [];
    faults = {
      fail: ({ sql }) => {
        const place = /^alter table .* location 's3:\/\/lake\/([^']+)'$/.exec(sql)?.[1];
        if (place) lost.push(...how(lake.s3.buckets.keys('lake').filter((key) => key.startsWith(place))));
        for (const key of lost) lake.s3.buckets.remove('lake', key);
        return undefined;
      },
    };
    return lost;
  }

  test('that lost an object before it was registered is refused, and the object is named', async () => {
    const lost = losing((written) => written.slice(-1));
    const error: unknown = await lake
      .engine('x')
      .materialise(statement(12_000), table, run)
      .catch((thrown: unknown) => thrown);
    expect(stored(lake).length).toBeGreaterThan(0);
    expect(error).toBeInstanceOf(LakeAccessError);
    expect((error as Error).message).toContain(`lacks s3://lake/${lost[0]}, which Athena wrote`);
  });

  test('that lost all of its objects is not taken for an empty one', async () => {
    const lost = losing((written) => written);
    await expect(lake.engine('x').materialise(statement(100), table, run)).rejects.toThrow(/lacks s3:/);
    expect(lost.length).toBeGreaterThan(0);
  });

  /** Replaces the last object that was written, just before its end is read. */
  function rewriting(how: { readonly rows?: number; readonly note?: string }): void {
    let isDone = false;
    s3Fault = ({ action, key }) => {
      if (action !== 'GET' || isDone || key !== stored(lake).at(-1)) return undefined;
      isDone = true;
      lake.s3.buckets.write('lake', key, { body: changed.get(key) ?? Buffer.alloc(0), headers: {} });
      return undefined;
    };
    const changed = new Map<string, Buffer>();
    faults = {
      fail: ({ sql }) => {
        const key = sql.startsWith('alter table') && stored(lake).at(-1);
        if (key) changed.set(key, Buffer.from(rewritten(lake.s3.buckets.body('lake', key), how)));
        return undefined;
      },
    };
  }

  test('one of whose objects has not the rows that Athena shows of it is refused', async () => {
    rewriting({ rows: 1_999 });
    const unloaded = lake.engine('x').materialise(statement(12_000), table, run);
    await expect(unloaded).rejects.toThrow(/s3:.* has 1999 rows, of which cohort_matrix of .* shows 2000/);
  });

  test('one of whose objects is rubbish by its end is refused', async () => {
    s3Fault = ({ action, key }) => {
      if (action === 'GET' && key === stored(lake).at(-1)) {
        lake.s3.buckets.write('lake', key, { body: Buffer.from('half a file'), headers: {} });
      }
      return undefined;
    };
    const unloaded = lake.engine('x').materialise(statement(100), table, run);
    await expect(unloaded).rejects.toThrow(/cannot be read as Parquet/);
  });

  test('is counted by the ends of its objects, however long these are', async () => {
    rewriting({ note: 'x'.repeat(100_000) });
    expect(await lake.engine('x').materialise(statement(12_000), table, run)).toMatchObject({ rows: 12_000 });
    const read = lake.s3.calls.filter(({ action, key }) => action === 'GET' && stored(lake).includes(key));
    expect(read).toHaveLength(stored(lake).length + 1);
  });

  test('of which the manifest does not name an object is refused', async () => {
    faults = {
      refuse: (action) => {
        const manifest = lake.s3.buckets.keys('lake').find((key) => key.endsWith('-manifest.csv'));
        if (action !== 'GetQueryExecution' || !manifest) return undefined;
        const [, ...rest] = lake.s3.buckets.body('lake', manifest).toString().split('\n');
        if (rest.length > 0) {
          lake.s3.buckets.write('lake', manifest, { body: Buffer.from(rest.join('\n')), headers: {} });
        }
        return undefined;
      },
    };
    const unloaded = lake.engine('x').materialise(statement(12_000), table, run);
    await expect(unloaded).rejects.toThrow(/holds s3:.*, which Athena did not write/);
  });
});
