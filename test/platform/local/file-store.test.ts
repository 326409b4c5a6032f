import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LakeAccessError, PreconditionFailed } from '../../../lambdas/platform/errors.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import { bytes, listed, race, textOf } from '../store-trials.ts';

let root: string;
let store: ObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-store-'));
  store = fileStore(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const everyFile = async (): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);

test('a body that breaks off leaves the object that was there and no other file', async () => {
  await store.write('object', bytes('before'));
  async function* broken() {
    yield bytes('half');
    throw new Error('the line went dead');
  }
  await expect(store.write('object', broken())).rejects.toThrow('the line went dead');
  expect(await textOf(store, 'object')).toBe('before');
  expect(await everyFile()).toEqual(['object']);
});

test('a list leaves out hidden files and locks', async () => {
  await store.write('folder/object', bytes('12345'));
  await writeFile(join(root, 'folder', '.0123456789abcdef.part'), 'half');
  await writeFile(join(root, 'folder', 'object.lock'), '1');
  await mkdir(join(root, '.spill'));
  await writeFile(join(root, '.spill', 'blocks'), 'x');
  const all: unknown[] = [];
  for await (const found of store.list('')) all.push(found);
  expect(all).toEqual([{ key: 'folder/object', bytes: 5 }]);
});

describe('locks', () => {
  test('the lock of a process that is gone is taken over, still by one at a time', async () => {
    const gone = Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }));
    const large = new Uint8Array(3_000_000);
    for (let round = 0; round < 2; round++) {
      const { etag } = await store.write('pointer', large.fill(round));
      await writeFile(join(root, 'pointer.lock'), String(gone));
      const { winners, errors } = await race((i) => store.write('pointer', bytes(`writer ${i}`), { ifMatch: etag }));
      expect(winners).toHaveLength(1);
      for (const error of errors) expect(error).toBeInstanceOf(PreconditionFailed);
      expect(await textOf(store, 'pointer')).toBe(`writer ${winners[0]}`);
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
    expect(await textOf(store, 'pointer')).toBe('second');
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
    expect(error).toMatchObject({
      message: expect.stringMatching(/a part of its path is a file, not a folder|of that name is there already/),
    });
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
    expect(await listed(store)).toEqual(['folder/object']);
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
