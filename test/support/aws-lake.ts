import { join } from 'node:path';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { athenaEngine } from '../../lambdas/platform/aws/athena-engine.ts';
import type { Patience } from '../../lambdas/platform/aws/athena-query.ts';
import { s3Store } from '../../lambdas/platform/aws/s3-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import type { QueryEngine } from '../../lambdas/platform/query-engine.ts';
import { duckDbBackend } from './athena/duckdb.ts';
import { type AthenaFaults, type AthenaServer, startAthena } from './athena/server.ts';
import { type S3Fault, type S3Server, startS3 } from './s3/server.ts';

/** Buckets by their zone; the server keeps them as folders of these names below `buckets/`. */
export const lakeBuckets = { lake: 'lake', personal: 'personal' };
const workgroups = { winback: 's3://lake/query-results/', 'winback-contacts': 's3://personal/query-results/' };

/** Tests do not wait as long as a night may. */
const hurried: Patience = { query: 30_000, recovery: 500, firstPoll: 5, clockSkew: 0 };

export interface AwsLake {
  readonly s3: S3Server;
  readonly athena: AthenaServer;
  readonly store: ObjectStore;
  /** An engine for an attempt at a step, as a Lambda opens it. */
  engine(scope: string, patience?: Patience): QueryEngine;
  close(): Promise<void>;
}

export interface AwsLakeOptions {
  readonly s3Fault?: S3Fault;
  readonly athenaFaults?: AthenaFaults;
  /** Opens what runs the statements over the folder of the buckets: DuckDB, unless given. */
  readonly openBackend?: typeof duckDbBackend;
}

/** A lake behind the real AWS clients: a local S3 and a server with Athena's protocol, both on a folder. */
export async function awsLake(
  root: string,
  { s3Fault, athenaFaults, openBackend = duckDbBackend }: AwsLakeOptions = {},
): Promise<AwsLake> {
  const folder = join(root, 'buckets');
  const s3 = await startS3({ root: folder, ...(s3Fault && { fault: s3Fault }) });
  for (const bucket of [lakeBuckets.lake, lakeBuckets.personal, 'landing']) s3.buckets.create(bucket);
  const backend = await openBackend(folder, lakeBuckets);
  const athena = await startAthena({
    backend,
    buckets: s3.buckets,
    workgroups,
    ...(athenaFaults && { faults: athenaFaults }),
  });
  const shared = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  const s3Client = new S3Client({ ...shared, endpoint: s3.endpoint });
  const athenaClient = new AthenaClient({ ...shared, endpoint: athena.endpoint, maxAttempts: 8 });
  return {
    s3,
    athena,
    store: s3Store(s3Client, lakeBuckets),
    engine: (scope, patience = hurried) =>
      athenaEngine({
        athena: athenaClient,
        s3: s3Client,
        buckets: lakeBuckets,
        database: 'winback_test',
        workgroup: 'winback',
        contactsWorkgroup: 'winback-contacts',
        scope,
        patience,
      }),
    close: async () => {
      s3Client.destroy();
      athenaClient.destroy();
      await athena.close();
      await backend.close();
      await s3.close();
    },
  };
}
