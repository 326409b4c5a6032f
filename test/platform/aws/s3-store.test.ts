import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3Store } from '../../../lambdas/platform/aws/s3-store.ts';
import { LakeAccessError, PreconditionFailed } from '../../../lambdas/platform/errors.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import { S3Error } from '../../support/s3/s3-error.ts';
import { type S3Call, type S3Fault, type S3Server, startS3 } from '../../support/s3/server.ts';

let root: string;
let server: S3Server;
let client: S3Client;
let store: ObjectStore;
let fault: S3Fault;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-s3-'));
  fault = () => undefined;
  server = await startS3({ root, fault: (call) => fault(call) });
  for (const bucket of ['lake', 'personal']) server.buckets.create(bucket);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  store = s3Store(client, { lake: 'lake', personal: 'personal' });
});
afterEach(async () => {
  client.destroy();
  await server.close();
  await rm(root, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = async (key: string): Promise<string> => Buffer.from((await store.read(key))?.body ?? []).toString();

/** Does to the first `times` calls of an action what `how` does. */
function first(times: number, action: string, how: (call: S3Call) => 'lost'): void {
  let seen = 0;
  fault = (call) => (call.action === action && seen++ < times ? how(call) : undefined);
}
const lost = (): 'lost' => 'lost';
const refuse = (status: number, code: string) => (): never => {
  throw new S3Error(status, code);
};

test('what holds contact data lies in its own bucket, whatever is done with it', async () => {
  await store.write('personal/runs/customers/part', bytes('x'));
  await store.write('published/latest.json', bytes('y'));
  await store.write('runs/orders/part', bytes('z'));
  expect(server.buckets.keys('personal')).toEqual(['personal/runs/customers/part', 'published/latest.json']);
  expect(server.buckets.keys('lake')).toEqual(['runs/orders/part']);
  const keys: string[] = [];
  for await (const { key } of store.list('personal/')) keys.push(key);
  expect(keys).toEqual(['personal/runs/customers/part']);
  await store.remove('personal/runs/customers/part');
  expect(server.buckets.keys('personal')).toEqual(['published/latest.json']);
});

test.each([
  ['created', { ifAbsent: true } as const],
  ['replaced', null],
])('a conditional write whose answer was lost is known for its own: %s', async (_, given) => {
  const condition = given ?? { ifMatch: (await store.write('pointer', bytes('before'))).etag };
  first(1, 'PUT', lost);
  const { etag } = await store.write('pointer', bytes('after'), condition);
  expect(await text('pointer')).toBe('after');
  expect((await store.read('pointer'))?.etag).toBe(etag);
});

test('of two who write the same bytes, one whose answer was lost is still told that the other won', async () => {
  await store.write('claim', bytes('same'), { ifAbsent: true });
  first(1, 'PUT', lost);
  await expect(store.write('claim', bytes('same'), { ifAbsent: true })).rejects.toBeInstanceOf(PreconditionFailed);
});

test('a conflict of conditional writes (409) is tried again, a lost race (412) is final', async () => {
  first(3, 'PUT', refuse(409, 'ConditionalRequestConflict'));
  await store.write('claim', bytes('mine'), { ifAbsent: true });
  expect(await text('claim')).toBe('mine');
  first(1, 'PUT', refuse(412, 'PreconditionFailed'));
  await expect(store.write('other', bytes('mine'), { ifAbsent: true })).rejects.toBeInstanceOf(PreconditionFailed);
});

test.each(['GET', 'PUT', 'LIST', 'DELETE'])('%s: throttling and a server error are tried again', async (action) => {
  await store.write('object', bytes('x'));
  let seen = 0;
  first(2, action, () => (seen++ === 0 ? refuse(503, 'SlowDown')() : refuse(500, 'InternalError')()));
  if (action === 'GET') expect(await text('object')).toBe('x');
  if (action === 'PUT') await store.write('object', bytes('y'));
  if (action === 'LIST') for await (const { key } of store.list('')) expect(key).toBe('object');
  if (action === 'DELETE') await store.remove('object');
  expect(seen).toBe(2);
});

test('what may not be used is a LakeAccessError that names bucket, key and cause', async () => {
  fault = refuse(403, 'AccessDenied');
  const errors = await Promise.allSettled([
    store.read('orders'),
    store.write('orders', bytes('x')),
    store.write('orders', bytes('x'), { ifAbsent: true }),
    store.remove('orders'),
    (async () => {
      for await (const _ of store.list('orders')) expect.unreachable();
    })(),
  ]);
  for (const ended of errors) {
    expect(ended).toMatchObject({ status: 'rejected', reason: { exitCode: 5 } });
    const { reason } = ended as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(LakeAccessError);
    expect((reason as Error).message).toBe('s3://lake/orders cannot be used: AccessDenied');
  }
});

test('a list of 2,500 objects is read page by page', async () => {
  for (let i = 0; i < 2500; i++) server.buckets.write('lake', `many/${i}`, { body: Buffer.from('x'), headers: {} });
  let found = 0;
  for await (const _ of store.list('many/')) found++;
  expect(found).toBe(2500);
  expect(server.calls.filter(({ action }) => action === 'LIST')).toHaveLength(3);
});

test('bytes that were damaged on the way are not taken for the object', async () => {
  await store.write('object', bytes('hello'));
  const facts = server.buckets.facts('lake', 'object');
  expect(facts?.checksums['x-amz-checksum-crc32']).toBe('NhCmhg==');
  server.buckets.damage('lake', 'object', Buffer.from('jello'));
  await expect(store.read('object')).rejects.toThrow(/[Cc]hecksum/);
});
