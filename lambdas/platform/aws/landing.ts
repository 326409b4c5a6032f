import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { landedKind } from '../../lake/file-kinds.ts';

/** One version of a delivered object. */
export interface LandedObject {
  readonly key: string;
  readonly etag: string;
  /** Names this version of this object. */
  readonly version: string;
  readonly deliveredAt: Date;
}

/** A delivered file, to be read as often as wanted; it stays the version that it was when it was opened. */
export interface LandedFile extends LandedObject {
  /** Last part of the key. */
  readonly name: string;
  readonly bytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** The bucket into which shops deliver. */
export interface Landing {
  /** @throws the client's NotFound when the object is gone */
  file(key: string): Promise<LandedFile>;
  /** Every delivered file that is taken. */
  list(): AsyncIterable<LandedObject>;
}

const versionOf = (key: string, etag: string): string => createHash('sha256').update(`${key}\n${etag}`).digest('hex');

const objectOf = (key: string, etag: string, deliveredAt = new Date()): LandedObject => ({
  key,
  etag,
  version: versionOf(key, etag),
  deliveredAt,
});

export function s3Landing(client: S3Client, bucket: string): Landing {
  async function file(key: string): Promise<LandedFile> {
    const {
      ETag = '',
      ContentLength,
      LastModified,
    } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    async function* open(): AsyncGenerator<Uint8Array> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: ETag }));
      if (Body) yield* Body as AsyncIterable<Uint8Array>;
    }
    return {
      ...objectOf(key, ETag, LastModified),
      name: key.slice(key.lastIndexOf('/') + 1),
      bytes: ContentLength ?? 0,
      open,
    };
  }

  async function* list(): AsyncGenerator<LandedObject> {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
      for (const { Key, ETag, LastModified } of page.Contents ?? [])
        if (Key && landedKind(Key) !== null) yield objectOf(Key, ETag ?? '', LastModified);
    }
  }

  return { file, list };
}
