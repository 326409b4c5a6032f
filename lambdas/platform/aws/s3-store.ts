import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { isPersonal } from '../../lake/zones.ts';
import { LakeAccessError, PreconditionFailed } from '../errors.ts';
import type { ObjectStore, StoredObject, WriteCondition } from '../object-store.ts';
import { backoff, sleep } from './backoff.ts';

/** Buckets of a deployment: what holds contact data lies in one of its own. */
export interface LakeBuckets {
  readonly lake: string;
  readonly personal: string;
}

const partBytes = 8 * 1024 * 1024;
const mostConflicts = 8;
/** Names the writer of an object, so that a write whose answer was lost is known for its own when it is tried again. */
const writerField = 'winback-writer';

type Body = Uint8Array | AsyncIterable<Uint8Array>;

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

function accessError(bucket: string, key: string, error: unknown): Error {
  if (!(error instanceof S3ServiceException)) return error as Error;
  return new LakeAccessError(
    `s3://${bucket}/${key} cannot be used: ${error.name}`,
    'Check that the bucket exists, that the role may use it and its key, and that no policy denies it.',
    { cause: error },
  );
}

const stillThere = (bucket: string, key: string, why: string): LakeAccessError =>
  new LakeAccessError(
    `s3://${bucket}/${key} cannot be removed: ${why}`,
    'Check that the role may delete it; try again.',
  );

const conditionHeaders = (condition: WriteCondition | undefined) => {
  if (!condition) return {};
  return 'ifAbsent' in condition ? { IfNoneMatch: '*' } : { IfMatch: condition.ifMatch };
};

/**
 * The lake in S3: keys under `personal/` and `published/` in the bucket of contact data, all others in the lake's.
 * Conditional writes are S3's own: 412 is final, 409 is tried again. A write that took effect although its answer was
 * lost is recognised by the mark that its writer left.
 */
export function s3Store(client: S3Client, buckets: LakeBuckets): ObjectStore {
  const bucketOf = (key: string): string => (isPersonal(key) ? buckets.personal : buckets.lake);

  async function read(key: string): Promise<StoredObject | null> {
    try {
      const found = await client.send(new GetObjectCommand({ Bucket: bucketOf(key), Key: key }));
      return { body: (await found.Body?.transformToByteArray()) ?? new Uint8Array(), etag: found.ETag ?? '' };
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw accessError(bucketOf(key), key, error);
    }
  }

  /** One try. @returns the object's tag and size */
  async function put(key: string, body: Body, condition: WriteCondition | undefined, writer: string) {
    const params = {
      Bucket: bucketOf(key),
      Key: key,
      Metadata: { [writerField]: writer },
      ...conditionHeaders(condition),
    };
    if (body instanceof Uint8Array) {
      const { ETag = '' } = await client.send(new PutObjectCommand({ ...params, Body: body }));
      return { etag: ETag, bytes: body.byteLength };
    }
    let bytes = 0;
    const stream = Readable.from(body).map((chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      return chunk;
    });
    const upload = new Upload({ client, params: { ...params, Body: stream }, partSize: partBytes, queueSize: 2 });
    const { ETag = '' } = await upload.done();
    return { etag: ETag, bytes };
  }

  /** After a refusal: the tag of the object if it is this writer's own, whose answer was lost. */
  async function recover(key: string, writer: string, cause: unknown) {
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucketOf(key), Key: key }));
      if (found.Metadata?.[writerField] === writer) return { etag: found.ETag ?? '', bytes: found.ContentLength ?? 0 };
    } catch (error) {
      if (!(error instanceof NotFound)) throw accessError(bucketOf(key), key, error);
    }
    throw new PreconditionFailed(
      `${key} was written by another run first`,
      'The other write stands; run again to build on it.',
      { cause },
    );
  }

  async function write(key: string, body: Body, condition?: WriteCondition) {
    const writer = randomUUID();
    for (let conflicts = 0; ; conflicts++) {
      try {
        return await put(key, body, condition, writer);
      } catch (error) {
        const status = statusOf(error);
        if (condition && (status === 412 || status === 404)) return recover(key, writer, error);
        const mayTryAgain = status === 409 && body instanceof Uint8Array && conflicts < mostConflicts;
        if (!mayTryAgain) throw accessError(bucketOf(key), key, error);
        await sleep(backoff(conflicts));
      }
    }
  }

  async function* list(prefix: string) {
    const Bucket = bucketOf(prefix);
    try {
      for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
        for (const { Key, Size } of page.Contents ?? []) if (Key !== undefined) yield { key: Key, bytes: Size ?? 0 };
      }
    } catch (error) {
      throw accessError(Bucket, prefix, error);
    }
  }

  async function remove(key: string): Promise<void> {
    try {
      await client.send(new DeleteObjectCommand({ Bucket: bucketOf(key), Key: key }));
    } catch (error) {
      throw accessError(bucketOf(key), key, error);
    }
  }

  async function removeAll(prefix: string): Promise<void> {
    const Bucket = bucketOf(prefix);
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })) {
        if (Contents.length === 0) continue;
        const Objects = Contents.map(({ Key = '' }) => ({ Key }));
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
        );
        const [left] = Errors;
        if (left) throw stillThere(Bucket, left.Key ?? prefix, left.Code ?? 'no reason given');
      }
    } catch (error) {
      throw accessError(Bucket, prefix, error);
    }
  }

  return { read, write, list, remove, removeAll };
}
