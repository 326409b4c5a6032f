import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LakeAccessError, PreconditionFailed } from '../../../lambdas/platform/errors.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';

let root: string;
let store: ObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-store-'));
  store = fileStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = async (key: string): Promise<string | null> => {
  const found = await store.read(key);
  return found && new TextDecoder().decode(found.body);
};
const listed = async (prefix = ''): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
};
const everyFile = async (): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

/** What became of writers who all tried at once: who won, and how the others failed. */
async function race(writers: readonly (() => Promise<unknown>)[]) {
  const ended = await Promise.allSettled(writers.map((write) => write()));
  const errors = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  return { winners: ended.flatMap((each, i) => (each.status === 'fulfilled' ? [i] : [])), errors };
}

const twentyFour = Array.from({ length: 24 }, (_, i) => i);

describe('reading and writing', () => {
  test('an object comes back as it was written, under a tag that names its content', async () => {
    const written = await store.write('a/b/c.txt', chunks('one ', 'two'));
    expect(written.bytes).toBe(7);
    expect(await store.read('a/b/c.txt')).toEqual({ body: Buffer.from('one two'), etag: written.etag });
    expect((await store.write('other', bytes('one two'))).etag).toBe(written.etag);
    expect((await store.write('other', bytes('one three'))).etag).not.toBe(written.etag);
  });

  test('what is not there is null, and may be removed', async () => {
    expect(await store.read('nothing/here')).toBeNull();
    await store.remove('nothing/here');
    await store.write('here', bytes('x'));
    await store.remove('here');
    expect(await store.read('here')).toBeNull();
  });

  test('readers see the object before or the object after, never a part', async () => {
    await store.write('object', bytes('before'));
    const seen = new Set<string | null>();
    async function* slowly() {
      for (const part of ['af', 't', 'er']) {
        seen.add(await textOf('object'));
        expect(await listed()).toEqual(['object']);
        yield bytes(part);
      }
    }
    await store.write('object', slowly());
    expect([...seen]).toEqual(['before']);
    expect(await textOf('object')).toBe('after');
    expect(await everyFile()).toEqual(['object']);
  });

  test('a body that breaks off leaves the object that was there and nothing else', async () => {
    await store.write('object', bytes('before'));
    async function* broken() {
      yield bytes('half');
      throw new Error('the line went dead');
    }
    await expect(store.write('object', broken())).rejects.toThrow('the line went dead');
    await expect(store.write('new', broken())).rejects.toThrow('the line went dead');
    expect(await textOf('object')).toBe('before');
    expect(await everyFile()).toEqual(['object']);
  });
});

describe('listing', () => {
  test('is in order of the whole key, folders or not, and by prefix', async () => {
    const keys = ['a/x', 'a-b', 'a.b/c', 'a/b/c', 'ab', 'b', 'a/b-c', 'B'];
    for (const key of keys) await store.write(key, bytes(key));
    const sorted = [...keys].sort((p, q) => (p < q ? -1 : 1));
    expect(await listed()).toEqual(sorted);
    expect(await listed('a')).toEqual(sorted.filter((key) => key.startsWith('a')));
    expect(await listed('a/b')).toEqual(['a/b-c', 'a/b/c']);
    expect(await listed('a/')).toEqual(['a/b-c', 'a/b/c', 'a/x']);
    expect(await listed('no/such/folder/')).toEqual([]);
  });

  test('gives sizes and leaves out hidden files and locks', async () => {
    await store.write('folder/object', bytes('12345'));
    await writeFile(join(root, 'folder', '.0123456789abcdef.part'), 'half');
    await writeFile(join(root, 'folder', 'object.lock'), '1');
    await mkdir(join(root, '.spill'));
    await writeFile(join(root, '.spill', 'blocks'), 'x');
    const all: unknown[] = [];
    for await (const found of store.list('')) all.push(found);
    expect(all).toEqual([{ key: 'folder/object', bytes: 5 }]);
  });
});

describe('conditional writes', () => {
  test('ifAbsent: of 24 writers one wins, and its object stands', async () => {
    const { winners, errors } = await race(
      twentyFour.map((i) => () => store.write('claim', bytes(`writer ${i}`), { ifAbsent: true })),
    );
    expect(winners).toHaveLength(1);
    expect(errors).toHaveLength(23);
    for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
    expect(await textOf('claim')).toBe(`writer ${winners[0]}`);
    expect(await everyFile()).toEqual(['claim']);
  });

  test('ifMatch: of 24 who read the same version one replaces it', async () => {
    const { etag } = await store.write('pointer', bytes('first'));
    const { winners, errors } = await race(
      twentyFour.map((i) => () => store.write('pointer', bytes(`writer ${i}`), { ifMatch: etag })),
    );
    expect(winners).toHaveLength(1);
    for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
    expect(await textOf('pointer')).toBe(`writer ${winners[0]}`);
    expect(await everyFile()).toEqual(['pointer']);
  });

  test('ifMatch refuses where there is no object, and where another version is', async () => {
    await expect(store.write('pointer', bytes('x'), { ifMatch: 'any' })).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await store.read('pointer')).toBeNull();
    const { etag } = await store.write('pointer', bytes('first'));
    await store.write('pointer', bytes('second'), { ifMatch: etag });
    await expect(store.write('pointer', bytes('third'), { ifMatch: etag })).rejects.toBeInstanceOf(PreconditionFailed);
    expect(await textOf('pointer')).toBe('second');
  });

  test('the lock of a process that is gone is taken over, still by one at a time', async () => {
    const gone = Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }));
    const large = new Uint8Array(3_000_000);
    for (let round = 0; round < 2; round++) {
      const { etag } = await store.write('pointer', large.fill(round));
      await writeFile(join(root, 'pointer.lock'), String(gone));
      const { winners, errors } = await race(
        twentyFour.map((i) => () => store.write('pointer', bytes(`writer ${i}`), { ifMatch: etag })),
      );
      expect(winners).toHaveLength(1);
      for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
      expect(await textOf('pointer')).toBe(`writer ${winners[0]}`);
    }
    expect(await everyFile()).toEqual(['pointer']);
  });

  test('the lock of a running process is waited for', async () => {
    const { etag } = await store.write('pointer', bytes('first'));
    await writeFile(join(root, 'pointer.lock'), String(process.pid));
    let isWritten = false;
    const writing = store.write('pointer', bytes('second'), { ifMatch: etag }).then(() => {
      isWritten = true;
    });
    for (let turn = 0; turn < 20; turn++) await readdir(root);
    expect(isWritten).toBe(false);
    await rm(join(root, 'pointer.lock'));
    await writing;
    expect(await textOf('pointer')).toBe('second');
  });
});

describe('a folder that cannot be used', () => {
  test('is a LakeAccessError that names the folder, the key and the cause', async () => {
    await writeFile(join(root, 'file'), 'x');
    const under = fileStore(join(root, 'file'));
    const error = await under.write('orders.parquet', bytes('x')).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LakeAccessError);
    expect(error).toMatchObject({ exitCode: 5, message: expect.stringContaining(join(root, 'file')) });
    expect(error).toMatchObject({ message: expect.stringMatching(/ENOTDIR|EEXIST/) });
    expect(error).toMatchObject({ message: expect.stringContaining('orders.parquet') });
    await expect(under.read('orders.parquet')).rejects.toBeInstanceOf(LakeAccessError);
    await expect(under.remove('folder/orders.parquet')).rejects.toBeInstanceOf(LakeAccessError);
    await expect(
      (async () => {
        for await (const _ of under.list('folder/')) expect.unreachable();
      })(),
    ).rejects.toBeInstanceOf(LakeAccessError);
  });

  test('a key that is a folder cannot be read or written over', async () => {
    await store.write('folder/object', bytes('x'));
    await expect(store.read('folder')).rejects.toBeInstanceOf(LakeAccessError);
    await expect(store.write('folder', bytes('y'))).rejects.toBeInstanceOf(LakeAccessError);
    expect(await listed()).toEqual(['folder/object']);
  });

  test('no permission to write is said, and nothing is left behind', async () => {
    if (process.getuid?.() === 0) {
      // the superuser may write anywhere: a folder of the kernel's refuses even that
      await symlink('/proc/self', join(root, 'refusing'));
      await expect(store.write('refusing/object', bytes('x'))).rejects.toBeInstanceOf(LakeAccessError);
      return;
    }
    await mkdir(join(root, 'refusing'));
    await chmod(join(root, 'refusing'), 0o500);
    await expect(store.write('refusing/object', bytes('x'))).rejects.toBeInstanceOf(LakeAccessError);
    expect(await everyFile()).toEqual([]);
  });
});
