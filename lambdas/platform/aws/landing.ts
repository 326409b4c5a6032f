import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { dealtWith, erasureRequests, landedKind } from '../../lake/file-kinds.ts';

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
  /** The bucket's name of this version; none where it keeps no versions. */
  readonly versionId: string | undefined;
  open(): AsyncIterable<Uint8Array>;
}

/** The bucket into which shops deliver. */
export interface Landing {
  /** @throws the client's NotFound when the object is gone */
  file(key: string): Promise<LandedFile>;
  /** Every delivered file that is taken. */
  list(): AsyncIterable<LandedObject>;
  /** Every request to erase people that has not been carried out. */
  requests(): AsyncIterable<Pick<LandedObject, 'deliveredAt'>>;
  /** Lets the version that was opened expire, taken or refused; one delivered meanwhile stays. */
  settle(file: LandedFile): Promise<void>;
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
      VersionId,
    } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    async function* open(): AsyncGenerator<Uint8Array> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: ETag }));
      if (Body) yield* Body as AsyncIterable<Uint8Array>;
    }
    return {
      ...objectOf(key, ETag, LastModified),
      name: key.slice(key.lastIndexOf('/') + 1),
      bytes: ContentLength ?? 0,
      versionId: VersionId,
      open,
    };
  }

  async function* objects(Prefix?: string): AsyncGenerator<LandedObject> {
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix })) {
      for (const { Key, ETag, LastModified } of page.Contents ?? []) {
        if (Key) yield objectOf(Key, ETag ?? '', LastModified);
      }
    }
  }

  async function* list(): AsyncGenerator<LandedObject> {
    for await (const object of objects()) if (landedKind(object.key) !== null) yield object;
  }

  async function* requests(): AsyncGenerator<LandedObject> {
    // the console keeps a folder as an empty object
    for await (const object of objects(erasureRequests)) if (!object.key.endsWith('/')) yield object;
  }

  async function settle({ key, versionId }: LandedFile): Promise<void> {
    const TagSet = [{ Key: dealtWith.key, Value: dealtWith.value }];
    const version = { Bucket: bucket, Key: key, VersionId: versionId };
    try {
      await client.send(new PutObjectTaggingCommand({ ...version, Tagging: { TagSet } }));
    } catch (error) {
      // somebody has deleted it already
      if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 404) throw error;
    }
  }

  return { file, list, requests, settle };
}
