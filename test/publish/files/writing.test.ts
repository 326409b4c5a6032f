import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import type { AudienceMember } from '../../../lambdas/publish/files/member.ts';
import { writeAudience } from '../../../lambdas/publish/files/write-audience.ts';
import { awsLake } from '../../support/aws-lake.ts';
import { hashesUnder, inFolder } from '../../support/files.ts';
import { S3Error } from '../../support/s3/s3-error.ts';
import { anna, campaign, objectsUnder, settings } from './members.ts';

async function* many(count: number, seen: (taken: number) => void = () => undefined): AsyncGenerator<AudienceMember> {
  for (let i = 1; i <= count; i++) {
    seen(i);
    yield { ...anna, position: i, email: `c${i}@shop.example` };
  }
}

const write = (store: ObjectStore, members: AsyncIterable<AudienceMember>) =>
  writeAudience(store, 'published/list/', members, { settings: settings(), campaign });

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A store that lets every chunk of the keys that fit be seen before it goes on. */
function watched(inner: ObjectStore, fits: RegExp, see: (chunk: Uint8Array) => void | Promise<void>): ObjectStore {
  async function* seen(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      await see(chunk);
      yield chunk;
    }
  }
  return {
    ...inner,
    write: (key, body, condition) =>
      inner.write(key, fits.test(key) && !(body instanceof Uint8Array) ? seen(body) : body, condition),
  };
}

describe('writing an audience', () => {
  test('never runs far ahead of the slowest file', async () => {
    await inFolder(async (folder) => {
      let taken = 0;
      let written = -1;
      let furthest = 0;
      const store = watched(fileStore(folder), /klaviyo/, async (chunk) => {
        for (let i = 0; i < 50; i++) await turn();
        furthest = Math.max(furthest, taken - written);
        written += Buffer.from(chunk).toString().split('\r\n').length - 1;
      });
      const done = await write(
        store,
        many(10_000, (i) => {
          taken = i;
        }),
      );
      expect([done.members, written]).toEqual([10_000, 10_000]);
      // a chunk of 64 KB is some 330 records; one is being read, one waits, one is being made
      expect(furthest).toBeLessThan(1500);
    });
  });

  test.each(['people', 'klaviyo', 'google-consent-unknown'])('fails as the store does, for %s', async (name) => {
    await inFolder(async (folder) => {
      const store = watched(fileStore(folder), new RegExp(name), () => {
        throw new Error('the disk is full');
      });
      await expect(write(store, many(5_000))).rejects.toThrow('the disk is full');
    });
  });

  test('fails as a store does that refuses before it has read anything', async () => {
    await inFolder(async (folder) => {
      const inner = fileStore(folder);
      const store: ObjectStore = {
        ...inner,
        write: (key, body) =>
          key.endsWith('meta.csv') ? Promise.reject(new Error('no such bucket')) : inner.write(key, body),
      };
      await expect(write(store, many(5_000))).rejects.toThrow('no such bucket');
    });
  });

  test.each([
    [1061, [8, 8], [1061, 1061]],
    [1060, [7, 7, 2], [930, 930, 275]],
  ])('fills parts up to %i bytes, and not a byte further', async (maxBytes, rows, bytes) => {
    await inFolder(async (folder) => {
      const { files } = await writeAudience(fileStore(folder), '', many(16), {
        settings: { ...settings(), maxBytes },
        campaign,
      });
      // a header of 13 bytes, records of two hashes, a comma and a line end
      const parts = files.filter((file) => file.consent === 'granted');
      expect([parts.map((part) => part.rows), parts.map((part) => part.bytes)]).toEqual([rows, bytes]);
    });
  });

  test('leaves no file that is not whole when its members cannot be read', async () => {
    await inFolder(async (folder) => {
      async function* broken() {
        yield* many(3_000);
        throw new Error('the query failed');
      }
      await expect(write(fileStore(folder), broken())).rejects.toThrow('the query failed');
      expect([...(await hashesUnder(folder)).keys()]).toEqual([]);
    });
  });

  test('gives the same bytes twice', async () => {
    await inFolder(async (folder) => {
      const stores = ['one', 'two'].map((name) => fileStore(join(folder, name)));
      const [one, two] = await Promise.all(stores.map((store) => write(store, many(500))));
      expect(one).toEqual(two);
      expect(await hashesUnder(join(folder, 'one'))).toEqual(await hashesUnder(join(folder, 'two')));
    });
  });
});

describe('an audience in S3', () => {
  test('is byte for byte that of a folder', async () => {
    await inFolder(async (folder) => {
      const lake = await awsLake(folder);
      try {
        const local = fileStore(join(folder, 'local'));
        expect(await write(lake.store, many(3_000))).toEqual(await write(local, many(3_000)));
        const [there, here] = await Promise.all([lake.store, local].map((store) => objectsUnder(store, 'published/')));
        expect([...there!.keys()]).toEqual([...here!.keys()]);
        for (const [key, body] of here!) expect(Buffer.from(there!.get(key)!).equals(body), key).toBe(true);
      } finally {
        await lake.close();
      }
    });
  });

  test('that S3 refuses ends in an error that names it', async () => {
    await inFolder(async (folder) => {
      const lake = await awsLake(folder, {
        s3Fault: ({ action, key }) => {
          if (action.startsWith('PUT') && key.endsWith('meta.csv')) throw new S3Error(403, 'AccessDenied', 'no');
          return undefined;
        },
      });
      try {
        await expect(write(lake.store, many(100))).rejects.toThrow(/meta\.csv cannot be used: AccessDenied/);
      } finally {
        await lake.close();
      }
    });
  });
});
