import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutObjectTaggingCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect } from 'vitest';

const mebibyte = 1024 * 1024;
const otherEtag = '"00000000000000000000000000000000"';

/** The calls that the checks make, on one bucket. */
function callsOn(client: S3Client, bucket: string) {
  const head = (Key: string) => client.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }));
  return {
    client,
    bucket,
    head,
    put: (Key: string, Body: PutObjectCommandInput['Body'], more: Partial<PutObjectCommandInput> = {}) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...more })),
    get: async (Key: string, more: Partial<GetObjectCommandInput> = {}) => {
      const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key, ...more }));
      return { ...found, bytes: Buffer.from((await found.Body?.transformToByteArray()) ?? []) };
    },
    list: (more: Partial<ListObjectsV2CommandInput>) =>
      client.send(new ListObjectsV2Command({ Bucket: bucket, ...more })),
    etagOf: async (key: string): Promise<string> => (await head(key)).ETag ?? '',
    begin: async (Key: string): Promise<string> =>
      (await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }))).UploadId ?? '',
    putPart: async (Key: string, UploadId: string, PartNumber: number, Body: Buffer) => {
      const part = await client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber, Body }));
      return { PartNumber, ETag: part.ETag };
    },
    complete: (
      Key: string,
      UploadId: string,
      Parts: { PartNumber: number; ETag: string | undefined }[],
      IfNoneMatch?: string,
    ) =>
      client.send(
        new CompleteMultipartUploadCommand({ Bucket: bucket, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch }),
      ),
  };
}

type Calls = ReturnType<typeof callsOn>;

async function expectRefusal(call: Promise<unknown>, status: number, name?: string): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(S3ServiceException);
  const refused = error as S3ServiceException;
  expect(refused.$metadata.httpStatusCode).toBe(status);
  if (name) expect(refused.name).toBe(name);
}

/** What a server must do to stand in for S3; each check is independent of the others but for the bucket. */
const checks: Readonly<Record<string, (calls: Calls) => Promise<void>>> = {
  'a buffer comes back': async ({ put, get }) => {
    expect((await put('a/one', Buffer.from('hello'))).ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect((await get('a/one')).bytes.toString()).toBe('hello');
  },
  'the default checksum is kept': async ({ put, get }) => {
    const written = await put('a/sum', Buffer.from('hello'));
    expect(written.ChecksumCRC32).toBe('NhCmhg==');
    expect((await get('a/sum', { ChecksumMode: 'ENABLED' })).ChecksumCRC32).toBe('NhCmhg==');
  },
  'a stream in chunks comes back as sent': async ({ put, get }) => {
    const body = randomBytes(300_000);
    const stream = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    await put('a/stream', stream, { ContentLength: body.length });
    expect((await get('a/stream')).bytes.equals(body)).toBe(true);
  },
  'an empty object': async ({ put, get }) => {
    await put('a/empty', '');
    expect((await get('a/empty')).bytes).toHaveLength(0);
  },
  'a range': async ({ put, get }) => {
    await put('a/range', 'hello');
    const part = await get('a/range', { Range: 'bytes=1-3' });
    expect([part.bytes.toString(), part.ContentRange, part.$metadata.httpStatusCode]).toEqual([
      'ell',
      'bytes 1-3/5',
      206,
    ]);
  },
  'a range from the end': async ({ put, get }) => {
    await put('a/tail', 'hello');
    expect((await get('a/tail', { Range: 'bytes=-3' })).bytes.toString()).toBe('llo');
  },
  'a range beyond the end is refused': async ({ put, get }) => {
    await put('a/short', 'hello');
    await expectRefusal(get('a/short', { Range: 'bytes=10-12' }), 416);
  },
  'metadata and content type': async ({ put, head }) => {
    await put('meta', 'x', { Metadata: { 'run-id': 'r1' }, ContentType: 'application/json', CacheControl: 'no-store' });
    expect(await head('meta')).toMatchObject({
      Metadata: { 'run-id': 'r1' },
      ContentType: 'application/json',
      CacheControl: 'no-store',
      ContentLength: 1,
    });
  },
  'HEAD of what is not there': ({ head }) => expectRefusal(head('nothing'), 404, 'NotFound'),
  'GET of what is not there': ({ get }) => expectRefusal(get('nothing'), 404, 'NoSuchKey'),
  'a bucket that is not there': ({ client }) =>
    expectRefusal(client.send(new GetObjectCommand({ Bucket: 'no-such-bucket', Key: 'x' })), 404, 'NoSuchBucket'),
  'If-None-Match: * creates': async ({ put }) => {
    await put('lock/new', 'a', { IfNoneMatch: '*' });
  },
  'If-None-Match: * over an object is refused': async ({ put, get }) => {
    await put('lock/taken', 'a');
    await expectRefusal(put('lock/taken', 'b', { IfNoneMatch: '*' }), 412, 'PreconditionFailed');
    expect((await get('lock/taken')).bytes.toString()).toBe('a');
  },
  'If-Match replaces': async ({ put, get, etagOf }) => {
    await put('match/a', 'x');
    await put('match/a', 'y', { IfMatch: await etagOf('match/a') });
    expect((await get('match/a')).bytes.toString()).toBe('y');
  },
  'If-Match with another tag is refused': async ({ put }) => {
    await put('match/b', 'x');
    await expectRefusal(put('match/b', 'z', { IfMatch: otherEtag }), 412, 'PreconditionFailed');
  },
  'If-Match without an object is refused': ({ put }) =>
    expectRefusal(put('match/none', 'z', { IfMatch: otherEtag }), 404),
  'one of 24 racing creations wins': async ({ put, get }) => {
    const race = Array.from({ length: 24 }, (_, i) => put('race', `${i}`.padEnd(20_000, '.'), { IfNoneMatch: '*' }));
    const ended = await Promise.allSettled(race);
    const winners = ended.flatMap(({ status }, i) => (status === 'fulfilled' ? [i] : []));
    expect(winners).toHaveLength(1);
    expect((await get('race')).bytes.toString()).toBe(`${winners[0]}`.padEnd(20_000, '.'));
  },
  'GET If-None-Match of the same version': async ({ put, get, etagOf }) => {
    await put('cached', 'x');
    await expectRefusal(get('cached', { IfNoneMatch: await etagOf('cached') }), 304);
  },
  'GET If-Match of another version': async ({ put, get }) => {
    await put('changed', 'x');
    await expectRefusal(get('changed', { IfMatch: otherEtag }), 412);
  },
  'a multipart upload of 12 MiB': async ({ client, bucket, get }) => {
    const body = randomBytes(12 * mebibyte);
    const params = { Bucket: bucket, Key: 'big', Body: Readable.from([body]) };
    const done = await new Upload({ client, params, partSize: 5 * mebibyte }).done();
    expect(done.ETag).toMatch(/-3"$/);
    expect((await get('big')).bytes.equals(body)).toBe(true);
  },
  'a conditional multipart upload over an object is refused': async ({ put, begin, putPart, complete }) => {
    await put('lock/parts', 'a');
    const id = await begin('lock/parts');
    const part = await putPart('lock/parts', id, 1, Buffer.alloc(1000, 1));
    await expectRefusal(complete('lock/parts', id, [part], '*'), 412, 'PreconditionFailed');
  },
  'small parts are refused': async ({ begin, putPart, complete }) => {
    const id = await begin('small');
    const parts = [await putPart('small', id, 1, Buffer.alloc(10)), await putPart('small', id, 2, Buffer.alloc(10))];
    await expectRefusal(complete('small', id, parts), 400, 'EntityTooSmall');
  },
  'parts out of order are refused': async ({ begin, putPart, complete }) => {
    const id = await begin('disorder');
    const parts = [
      await putPart('disorder', id, 2, Buffer.alloc(10)),
      await putPart('disorder', id, 1, Buffer.alloc(10)),
    ];
    await expectRefusal(complete('disorder', id, parts), 400);
  },
  'an aborted upload is gone': async ({ client, bucket, begin }) => {
    const UploadId = await begin('aborted');
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: 'aborted', UploadId }));
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads.map(({ Key }) => Key)).not.toContain('aborted');
  },
  'a key with every odd character': async ({ put, get, list }) => {
    const key = "orders/dt=2024-01-01/part 1+ü=&%'<>.parquet";
    await put(key, 'q');
    expect((await list({ Prefix: 'orders/dt=2024-01-01/' })).Contents?.map(({ Key }) => Key)).toEqual([key]);
    expect((await get(key)).bytes.toString()).toBe('q');
  },
  'listing by prefix, delimiter, page and start': async ({ put, list }) => {
    for (let i = 1; i <= 7; i++) await put(`p/dt=2024-01-0${i}/f`, 'x');
    expect((await list({ Prefix: 'p/', Delimiter: '/' })).CommonPrefixes).toHaveLength(7);
    const keys: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await list({ Prefix: 'p/', MaxKeys: 3, ...(ContinuationToken && { ContinuationToken }) });
      keys.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    expect(keys).toEqual(Array.from({ length: 7 }, (_, i) => `p/dt=2024-01-0${i + 1}/f`));
    expect(await list({ Prefix: 'p/', StartAfter: 'p/dt=2024-01-05/f' })).toMatchObject({ KeyCount: 2 });
  },
  'listing nothing': async ({ list }) => {
    expect(await list({ Prefix: 'zzz/' })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  },
  'a copy': async ({ client, bucket, put, get }) => {
    await put('from', 'hello');
    await client.send(new CopyObjectCommand({ Bucket: bucket, Key: 'copy', CopySource: `${bucket}/from` }));
    expect((await get('copy')).bytes.toString()).toBe('hello');
  },
  'removing many, of which one is not there': async ({ client, bucket, put, get }) => {
    await put('gone', 'x');
    const Objects = [{ Key: 'gone' }, { Key: 'never' }];
    const removed = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
    expect(removed.Deleted).toHaveLength(2);
    await expectRefusal(get('gone'), 404);
  },
  'removing what is not there': async ({ client, bucket }) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'never' }));
  },
  'a presigned download and upload': async ({ client, bucket, put, get }) => {
    await put('signed', 'hello');
    const download = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'signed' }));
    expect(await (await fetch(download)).text()).toBe('hello');
    const upload = await getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: 'uploaded' }));
    expect((await fetch(upload, { method: 'PUT', body: 'presigned' })).status).toBe(200);
    expect((await get('uploaded')).bytes.toString()).toBe('presigned');
  },
  'a presigned URL that was tampered with is refused': async ({ client, bucket }) => {
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'signed' }));
    const forged = url.replace(/X-Amz-Signature=[0-9a-f]{8}/, 'X-Amz-Signature=00000000');
    expect((await fetch(forged)).status).toBe(403);
  },
  'a wrong checksum is refused': ({ put }) => expectRefusal(put('bad', 'abc', { ChecksumCRC32: 'AAAAAA==' }), 400),
  'a SHA-256 checksum comes back': async ({ put, head }) => {
    await put('sha', 'abc', { ChecksumAlgorithm: 'SHA256' });
    expect((await head('sha')).ChecksumSHA256).toBe(createHash('sha256').update('abc').digest('base64'));
  },
  'versions, tags, encryption and lifecycle': async ({ client, bucket, put, get }) => {
    await put('tagged', 'x');
    const TagSet = [{ Key: 'kind', Value: 'personal' }];
    await client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: 'tagged', Tagging: { TagSet } }));
    const tags = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'tagged' }));
    expect(tags.TagSet).toEqual(TagSet);
    const Rules = [{ ID: 'x', Status: 'Enabled' as const, Filter: { Prefix: 't/' }, Expiration: { Days: 1 } }];
    const lifecycle = new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } });
    await client.send(lifecycle);
    const encryption = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }] };
    await client.send(
      new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration: encryption }),
    );
    const versioning = { Status: 'Enabled' as const };
    await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: versioning }));
    const first = await put('kept', '1');
    await put('kept', '2');
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'kept' }));
    expect(Versions).toHaveLength(2);
    expect((await get('kept', { VersionId: first.VersionId })).bytes.toString()).toBe('1');
  },
  'encryption by a key of one’s own': async ({ put }) => {
    const written = await put('kms', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'alias/x' });
    expect(written.ServerSideEncryption).toBe('aws:kms');
  },
};

export const s3Checks = Object.keys(checks);

/** Runs one check of the S3 conformance suite on any endpoint. @throws when the server does otherwise than S3 */
export const runS3Check = (name: string, client: S3Client, bucket: string): Promise<void> =>
  checks[name]!(callsOn(client, bucket));

export const makeBucket = async (client: S3Client, bucket: string): Promise<void> => {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
};
