import { GetObjectTaggingCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test } from 'vitest';
import { dealtWith, erasureRequests } from '../../../lambdas/lake/file-kinds.ts';
import { type Landing, s3Landing } from '../../../lambdas/platform/aws/landing.ts';
import { inFolder } from '../../support/files.ts';
import { type S3Server, startS3 } from '../../support/s3/server.ts';

const Bucket = 'landing';
let client: S3Client;
afterEach(() => client.destroy());

const withLanding = (use: (landing: Landing, server: S3Server) => Promise<void>) =>
  inFolder(async (root) => {
    const server = await startS3({ root });
    client = new S3Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: server.endpoint,
      forcePathStyle: true,
    });
    server.buckets.create(Bucket);
    const Status = 'Enabled';
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    try {
      await use(s3Landing(client, Bucket), server);
    } finally {
      await server.close();
    }
  });

const leave = (server: S3Server, key: string, text: string) =>
  server.buckets.write(Bucket, key, { body: Buffer.from(text), headers: {} });
const tagsOf = async (Key: string, VersionId?: string) =>
  (await client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }))).TagSet;
const settled = [{ Key: dealtWith.key, Value: dealtWith.value }];

test('only the version that was dealt with may expire, not what was delivered under its name meanwhile', () =>
  withLanding(async (landing, server) => {
    const key = 'exports/a b+c é.csv';
    leave(server, key, 'first');
    const first = await landing.file(key);
    expect(await tagsOf(key)).toEqual([]);
    leave(server, key, 'second');
    await landing.settle(first);
    expect(await tagsOf(key, first.versionId)).toEqual(settled);
    expect(await tagsOf(key)).toEqual([]);
    const second = await landing.file(key);
    await landing.settle(second);
    await landing.settle(second);
    expect(await tagsOf(key)).toEqual(settled);
  }));

test('what is deleted meanwhile needs no mark', () =>
  withLanding(async (landing, server) => {
    leave(server, 'exports/a.csv', 'text');
    const file = await landing.file('exports/a.csv');
    server.buckets.removeVersion(Bucket, 'exports/a.csv', file.versionId ?? '');
    await landing.settle(file);
  }));

test('requests to erase are no deliveries, and are listed by themselves without their folder', () =>
  withLanding(async (landing, server) => {
    for (const key of ['_erasures/1.txt', '_lifts/a.csv', '_other/a.csv', 'exports/a.csv']) leave(server, key, 'text');
    const keys: string[] = [];
    for await (const { key } of landing.list()) keys.push(key);
    expect(keys).toEqual(['_lifts/a.csv', 'exports/a.csv']);
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        const folder = { Key: erasureRequests, ETag: '"0"', LastModified: new Date(1) };
        if ('Contents' in answer.output) answer.output.Contents?.push(folder);
        return answer;
      },
      { step: 'initialize' },
    );
    let requests = 0;
    for await (const { deliveredAt } of landing.requests()) requests += deliveredAt.getTime() > 0 ? 1 : 0;
    expect(requests).toBe(1);
  }));
