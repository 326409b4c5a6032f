import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Buckets, type ObjectFacts, openBuckets, quotedMd5 } from './buckets.ts';
import { listObjects } from './listing.ts';
import { type Payload, payloadOf } from './payload.ts';
import { verifyPresigned } from './presigned.ts';
import { S3Error } from './s3-error.ts';
import { openUploads } from './uploads.ts';
import { element, parent, textsOf } from './xml.ts';

/** A call on its way: what it is and what it is about. */
export interface S3Call {
  /** GET, PUT, … with the sub-resource, such as `PUT`, `LIST`, `POST uploads`. */
  readonly action: string;
  readonly bucket: string;
  readonly key: string;
}

/**
 * What a test does to a call: throws S3Error to refuse it, or returns `'lost'` to carry it out and drop the answer, which
 * is the fault that most programs forget.
 */
export type S3Fault = (call: S3Call) => 'lost' | undefined;

export interface S3ServerOptions {
  /** Folder of the buckets. */
  readonly root: string;
  /** Secret key that presigned URLs are verified with. */
  readonly secret?: string;
  readonly fault?: S3Fault;
}

export interface S3Server {
  readonly endpoint: string;
  readonly buckets: Buckets;
  /** Every call, in order of arrival. */
  readonly calls: readonly S3Call[];
  close(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or XML. */
  readonly body?: Buffer | string;
}

const bucketSettings = ['versioning', 'lifecycle', 'encryption', 'policy', 'tagging', 'publicAccessBlock'];
const keptHeaders = /^(x-amz-meta-.*|x-amz-server-side-encryption.*|content-type|cache-control|content-disposition)$/;

function headersToKeep(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => keptHeaders.test(name)));
  const encoding = headers['content-encoding']?.replace(/,?\s*aws-chunked,?/, '');
  return encoding ? { ...kept, 'content-encoding': encoding } : kept;
}

const versionHeader = ({ versionId }: ObjectFacts): Record<string, string> =>
  versionId ? { 'x-amz-version-id': versionId } : {};

/** The part of the object that a Range header asks for. @throws S3Error when it lies beyond the end */
function rangeOf(header: string | undefined, bytes: number): { from: number; to: number } | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  if (from >= bytes) throw new S3Error(416, 'InvalidRange');
  return { from, to: first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}

/** S3 as far as the AWS SDK's client uses it, on a folder; listens on a free port of this machine alone. */
export async function startS3({ root, secret, fault }: S3ServerOptions): Promise<S3Server> {
  const buckets = openBuckets(root);
  const uploads = openUploads(buckets);
  const settings = new Map<string, string>();
  const calls: S3Call[] = [];

  async function setting(request: IncomingMessage, name: string, bucket: string): Promise<Answer> {
    if (request.method !== 'PUT') {
      const found = settings.get(name);
      if (found !== undefined) return { body: found.replace(/^<\?xml[^>]*>\s*/, '') };
      if (name.endsWith('?versioning')) return { body: '<VersioningConfiguration/>' };
      if (name.endsWith('?tagging')) return { body: '<Tagging><TagSet/></Tagging>' };
      throw new S3Error(404, 'NoSuchConfiguration');
    }
    const text = (await payloadOf(request)).body.toString();
    settings.set(name, text);
    if (name.endsWith('?versioning') && textsOf(text, 'Status').includes('Enabled')) buckets.keepVersions(bucket);
    return {};
  }

  async function removeMany(request: IncomingMessage, bucket: string): Promise<Answer> {
    const objects = textsOf((await payloadOf(request)).body.toString(), 'Object');
    const removed = objects.map((xml) => {
      const [key = ''] = textsOf(`<x>${xml}</x>`, 'Key');
      const [versionId] = textsOf(xml, 'VersionId');
      if (versionId) buckets.removeVersion(bucket, key, versionId);
      else buckets.remove(bucket, key);
      return parent('Deleted', element('Key', key));
    });
    return { body: parent('DeleteResult', ...removed) };
  }

  async function onBucket(request: IncomingMessage, bucket: string, query: URLSearchParams): Promise<Answer> {
    const name = bucketSettings.find((one) => query.has(one));
    if (name) return setting(request, `${bucket}?${name}`, bucket);
    if (request.method === 'PUT') {
      await payloadOf(request);
      buckets.create(bucket);
      return { headers: { location: `/${bucket}` } };
    }
    if (!buckets.exists(bucket)) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (request.method === 'HEAD') return {};
    if (request.method === 'POST' && query.has('delete')) return removeMany(request, bucket);
    if (query.has('uploads')) {
      const all = uploads.underWay(bucket);
      const listed = all.map(({ id, key }) => parent('Upload', element('Key', key), element('UploadId', id)));
      return { body: parent('ListMultipartUploadsResult', element('Bucket', bucket), ...listed) };
    }
    if (query.has('versions')) {
      const all = buckets.versionsUnder(bucket, query.get('prefix') ?? '');
      const listed = all.map(({ key, facts }) =>
        parent('Version', element('Key', key), element('VersionId', facts.versionId ?? 'null')),
      );
      return { body: parent('ListVersionsResult', ...listed) };
    }
    return { body: listObjects(buckets, bucket, query) };
  }

  async function onUpload(request: IncomingMessage, bucket: string, key: string, query: URLSearchParams) {
    const { body, headers, checksums } = await payloadOf(request);
    const id = query.get('uploadId');
    if (id === null) {
      const begun = uploads.begin(bucket, key, headersToKeep(headers));
      const fields = [element('Bucket', bucket), element('Key', key), element('UploadId', begun)];
      return { body: parent('InitiateMultipartUploadResult', ...fields) };
    }
    if (request.method === 'PUT') {
      uploads.put(id, Number(query.get('partNumber')), body);
      return { headers: { etag: quotedMd5(body), ...checksums } };
    }
    if (request.method === 'DELETE') {
      uploads.abort(id);
      return { status: 204 };
    }
    const written = uploads.complete(id, textsOf(body.toString(), 'PartNumber').map(Number), headers);
    const fields = [element('Bucket', bucket), element('Key', key), element('ETag', written.etag)];
    return { headers: versionHeader(written), body: parent('CompleteMultipartUploadResult', ...fields) };
  }

  function copy(source: string, bucket: string, key: string, headers: Payload['headers']): Answer {
    const [from = '', ...rest] = decodeURIComponent(source).replace(/^\//, '').split('/');
    const fromKey = rest.join('/');
    const found = buckets.facts(from, fromKey);
    if (!found) throw new S3Error(404, 'NoSuchKey');
    const { headers: kept, checksums } = found;
    const written = buckets.write(
      bucket,
      key,
      { body: buckets.body(from, fromKey), headers: kept, checksums },
      headers,
    );
    const fields = [element('ETag', written.etag), element('LastModified', written.modified.toISOString())];
    return { body: parent('CopyObjectResult', ...fields) };
  }

  async function put(request: IncomingMessage, bucket: string, key: string): Promise<Answer> {
    const { body, headers, checksums } = await payloadOf(request);
    const source = headers['x-amz-copy-source'];
    if (source !== undefined) return copy(source, bucket, key, headers);
    const written = buckets.write(bucket, key, { body, headers: headersToKeep(headers), checksums }, headers);
    const encryption = Object.entries(written.headers).filter(([name]) => name.startsWith('x-amz-server-side'));
    return {
      headers: { etag: written.etag, ...checksums, ...Object.fromEntries(encryption), ...versionHeader(written) },
    };
  }

  function get(request: IncomingMessage, bucket: string, key: string, query: URLSearchParams): Answer {
    const versionId = query.get('versionId');
    const version = versionId === null ? null : buckets.version(bucket, key, versionId);
    const facts = version?.facts ?? buckets.facts(bucket, key);
    if (!facts) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
    const asked = request.headers;
    if (asked['if-match'] && asked['if-match'] !== facts.etag) throw new S3Error(412, 'PreconditionFailed');
    if (asked['if-none-match'] === facts.etag) return { status: 304, headers: { etag: facts.etag } };
    const headers = {
      'content-type': 'binary/octet-stream',
      ...facts.headers,
      ...versionHeader(facts),
      etag: facts.etag,
      'last-modified': facts.modified.toUTCString(),
      'accept-ranges': 'bytes',
    };
    const range = rangeOf(asked.range, facts.bytes);
    if (request.method === 'HEAD' && !range) {
      const sums = asked['x-amz-checksum-mode'] ? facts.checksums : {};
      return { headers: { ...headers, ...sums, 'content-length': String(facts.bytes) } };
    }
    const body = version?.body ?? buckets.body(bucket, key);
    if (!range) return { headers: { ...headers, ...(asked['x-amz-checksum-mode'] ? facts.checksums : {}) }, body };
    const contentRange = `bytes ${range.from}-${range.to}/${facts.bytes}`;
    return {
      status: 206,
      headers: { ...headers, 'content-range': contentRange },
      body: body.subarray(range.from, range.to + 1),
    };
  }

  /** Tags are those of one version: an object that is written anew has none. */
  async function onTags(request: IncomingMessage, bucket: string, key: string, versionId: string | null) {
    const facts = versionId === null ? buckets.facts(bucket, key) : buckets.version(bucket, key, versionId).facts;
    if (!facts) throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.');
    const version = facts.versionId ?? `${facts.etag}${facts.modified.getTime()}`;
    return setting(request, `${bucket}/${key}@${version}?tagging`, bucket);
  }

  async function onObject(request: IncomingMessage, bucket: string, key: string, query: URLSearchParams) {
    if (!buckets.exists(bucket)) throw new S3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (query.has('tagging')) return onTags(request, bucket, key, query.get('versionId'));
    if (query.has('uploads') || query.has('uploadId')) return onUpload(request, bucket, key, query);
    if (request.method === 'PUT') return put(request, bucket, key);
    if (request.method !== 'DELETE') return get(request, bucket, key, query);
    const versionId = query.get('versionId');
    if (versionId === null) buckets.remove(bucket, key);
    else buckets.removeVersion(bucket, key, versionId);
    return { status: 204 };
  }

  async function answer(request: IncomingMessage): Promise<Answer | 'lost'> {
    const url = new URL(request.url ?? '/', 'http://s3');
    if (secret !== undefined) verifyPresigned(request, url, secret);
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const part = ['uploads', 'uploadId', 'delete', 'versions', 'tagging'].find((name) => url.searchParams.has(name));
    const isList = key === '' && url.searchParams.get('list-type') === '2';
    const call = { action: isList ? 'LIST' : [request.method, part].filter(Boolean).join(' '), bucket, key };
    calls.push(call);
    const fate = fault?.(call);
    const given = await (key === ''
      ? onBucket(request, bucket, url.searchParams)
      : onObject(request, bucket, key, url.searchParams));
    return fate ?? given;
  }

  function send(request: IncomingMessage, response: ServerResponse, { status = 200, headers, body }: Answer): void {
    const isXml = typeof body === 'string';
    const bytes = isXml ? Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${body}`) : body;
    response.writeHead(status, {
      'x-amz-request-id': randomUUID(),
      ...(isXml && { 'content-type': 'application/xml' }),
      ...(bytes && { 'content-length': bytes.length }),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const given = await answer(request);
      if (given === 'lost') request.socket.destroy();
      else send(request, response, given);
    } catch (error) {
      request.resume();
      const { status, code, message } =
        error instanceof S3Error ? error : new S3Error(500, 'InternalError', String(error));
      send(request, response, { status, body: parent('Error', element('Code', code), element('Message', message)) });
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    buckets,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
