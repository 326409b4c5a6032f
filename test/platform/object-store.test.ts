import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { s3Store } from '../../lambdas/platform/aws/s3-store.ts';
import { PreconditionFailed } from '../../lambdas/platform/errors.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { startS3 } from '../support/s3/server.ts';
import { bytes, listed, race, textOf } from './store-trials.ts';

interface Opened {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

async function openFiles(root: string): Promise<Opened> {
  return { store: fileStore(root), close: async () => undefined };
}

async function openS3(root: string): Promise<Opened> {
  const server = await startS3({ root });
  for (const bucket of ['lake', 'personal']) server.buckets.create(bucket);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  return {
    store: s3Store(client, { lake: 'lake', personal: 'personal' }),
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

describe.each([
  { name: 'a folder', open: openFiles },
  { name: 'S3', open: openS3 },
])('an object store in $name', ({ open }) => {
  let root: string;
  let opened: Opened;
  let store: ObjectStore;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'winback-store-'));
    opened = await open(root);
    store = opened.store;
  });
  afterEach(async () => {
    await opened.close();
    await rm(root, { recursive: true, force: true });
  });

  test('gives an object back as it was written, under a tag that changes with its content', async () => {
    const written = await store.write('a/b/c.txt', chunks('one ', 'two'));
    expect(written.bytes).toBe(7);
    expect(await textOf(store, 'a/b/c.txt')).toBe('one two');
    expect((await store.read('a/b/c.txt'))?.etag).toBe(written.etag);
    expect((await store.write('a/b/c.txt', bytes('one three'))).etag).not.toBe(written.etag);
  });

  test('gives null for what is not there, and lets it be removed', async () => {
    expect(await store.read('nothing/here')).toBeNull();
    await store.remove('nothing/here');
    await store.write('here', bytes('x'));
    await store.remove('here');
    expect(await store.read('here')).toBeNull();
  });

  test('shows readers the object before or the object after, never a part', async () => {
    await store.write('object', bytes('before'));
    const seen = new Set<string | null>();
    async function* slowly() {
      for (const part of ['af', 't', 'er']) {
        seen.add(await textOf(store, 'object'));
        yield bytes(part);
      }
    }
    await store.write('object', slowly());
    expect([...seen]).toEqual(['before']);
    expect(await textOf(store, 'object')).toBe('after');
  });

  test('leaves what was there when a body breaks off', async () => {
    await store.write('object', bytes('before'));
    async function* broken() {
      yield bytes('half');
      throw new Error('the line went dead');
    }
    await expect(store.write('object', broken())).rejects.toThrow('the line went dead');
    await expect(store.write('new', broken())).rejects.toThrow('the line went dead');
    expect(await textOf(store, 'object')).toBe('before');
    expect(await listed(store)).toEqual(['object']);
  });

  test('takes a stream of 20 MB in parts', async () => {
    const part = new Uint8Array(1_000_000).fill(7);
    async function* large() {
      for (let i = 0; i < 20; i++) yield part;
    }
    expect((await store.write('large', large())).bytes).toBe(20_000_000);
    const found = await store.read('large');
    expect(found?.body.length).toBe(20_000_000);
    expect(found?.body.every((byte) => byte === 7)).toBe(true);
  });

  test('lists in order of the whole key, folders or not, by prefix, with sizes', async () => {
    const keys = ['a/x', 'a-b', 'a.b/c', 'a/b/c', 'ab', 'b', 'a/b-c', 'B'];
    for (const key of keys) await store.write(key, bytes(key));
    const sorted = [...keys].sort((p, q) => (p < q ? -1 : 1));
    expect(await listed(store)).toEqual(sorted);
    expect(await listed(store, 'a')).toEqual(sorted.filter((key) => key.startsWith('a')));
    expect(await listed(store, 'a/b')).toEqual(['a/b-c', 'a/b/c']);
    expect(await listed(store, 'no/such/folder/')).toEqual([]);
    for await (const found of store.list('ab')) expect(found).toEqual({ key: 'ab', bytes: 2 });
  });

  test('ifAbsent: of 24 writers one wins, and its object stands', async () => {
    const { winners, errors } = await race((i) => store.write('claim', bytes(`writer ${i}`), { ifAbsent: true }));
    expect(winners).toHaveLength(1);
    expect(errors).toHaveLength(23);
    for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
    expect(await textOf(store, 'claim')).toBe(`writer ${winners[0]}`);
  });

  test('ifMatch: of 24 who read the same version one replaces it', async () => {
    const { etag } = await store.write('pointer', bytes('first'));
    const { winners, errors } = await race((i) => store.write('pointer', bytes(`writer ${i}`), { ifMatch: etag }));
    expect(winners).toHaveLength(1);
    for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
    expect(await textOf(store, 'pointer')).toBe(`writer ${winners[0]}`);
  });

  test('ifMatch refuses where there is no object, and where another version is', async () => {
    await expect(store.write('pointer', bytes('x'), { ifMatch: '"any"' })).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await store.read('pointer')).toBeNull();
    const { etag } = await store.write('pointer', bytes('first'));
    await store.write('pointer', bytes('second'), { ifMatch: etag });
    await expect(store.write('pointer', bytes('third'), { ifMatch: etag })).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await textOf(store, 'pointer')).toBe('second');
  });

  test('removes all under a prefix, more than a listing holds, and nothing beside it', async () => {
    const keys = Array.from({ length: 1_050 }, (_, i) => `runs/a/${i}/part`);
    for (let from = 0; from < keys.length; from += 50) {
      await Promise.all(keys.slice(from, from + 50).map((key) => store.write(key, bytes('x'))));
    }
    for (const key of ['runs/ab', 'personal/runs/a/1', 'published/1/x']) await store.write(key, bytes('y'));
    await store.removeAll('runs/a/');
    await store.removeAll('runs/a/');
    await store.removeAll('published/1/');
    const left: string[] = [];
    for (const prefix of ['runs/', 'personal/', 'published/']) {
      for await (const { key } of store.list(prefix)) left.push(key);
    }
    expect(left).toEqual(['runs/ab', 'personal/runs/a/1']);
  });
});
