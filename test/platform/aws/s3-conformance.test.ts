import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBucket, runS3Check, s3Checks } from '../../support/s3/conformance.ts';
import { type S3Server, startS3 } from '../../support/s3/server.ts';

/** `S3_ENDPOINT` runs the same checks against any server; its keys come from the usual AWS variables. */
const given = process.env.S3_ENDPOINT;
const bucket = `conformance-${randomUUID()}`;
let root: string;
let server: S3Server | null = null;
let client: S3Client;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-s3-'));
  if (!given) server = await startS3({ root, secret: 'test' });
  client = new S3Client({
    endpoint: given ?? server?.endpoint ?? '',
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    ...(!given && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
  });
  await makeBucket(client, bucket);
});
afterAll(async () => {
  client.destroy();
  await server?.close();
  await rm(root, { recursive: true, force: true });
});

test.each(s3Checks)('%s', async (name) => {
  await expect(runS3Check(name, client, bucket)).resolves.toBeUndefined();
});
