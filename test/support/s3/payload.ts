import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { crc32 } from '../../../lambdas/ingest/source/crc32.ts';
import { S3Error } from './s3-error.ts';

/** A request's body as the client meant it, and its headers with those that trailed the body. */
export interface Payload {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Checksum headers that were sent and hold. */
  readonly checksums: Readonly<Record<string, string>>;
}

const hashed = (algorithm: string, body: Buffer): string => createHash(algorithm).update(body).digest('base64');

const checksumOf: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  },
  'x-amz-checksum-sha1': (body) => hashed('sha1', body),
  'x-amz-checksum-sha256': (body) => hashed('sha256', body),
};

const flat = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** Takes the chunks out of `aws-chunked` framing: hexadecimal length, data, …, zero, trailing headers. */
function unframe(framed: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = framed.indexOf('\r\n', at);
    if (lineEnd < 0) throw new S3Error(400, 'IncompleteBody');
    const length = Number.parseInt(framed.toString('latin1', at, lineEnd).split(';')[0]!, 16);
    if (Number.isNaN(length)) throw new S3Error(400, 'InvalidChunkSizeError');
    at = lineEnd + 2;
    if (length === 0) {
      const lines = framed.toString('latin1', at).split('\r\n');
      const pairs = lines.filter((line) => line.includes(':')).map((line) => line.split(/:(.*)/s));
      const trailers = Object.fromEntries(pairs.map(([name, value]) => [name!.toLowerCase(), value!.trim()]));
      return { body: Buffer.concat(chunks), trailers };
    }
    chunks.push(framed.subarray(at, at + length));
    at += length + 2;
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function refuseOtherHash(body: Buffer, headers: Readonly<Record<string, string>>): void {
  const declared = headers['x-amz-content-sha256'] ?? '';
  const isHash = /^[0-9a-f]{64}$/.test(declared);
  if (isHash && createHash('sha256').update(body).digest('hex') !== declared) {
    throw new S3Error(400, 'XAmzContentSHA256Mismatch');
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && hashed('md5', body) !== md5) throw new S3Error(400, 'BadDigest');
}

/** Reads a request's body. @throws S3Error where a checksum that came with it does not hold */
export async function payloadOf(request: IncomingMessage): Promise<Payload> {
  const sent = await bytesOf(request);
  const own = flat(request.headers);
  const isFramed =
    own['x-amz-content-sha256']?.startsWith('STREAMING-') || own['content-encoding']?.includes('aws-chunked');
  const { body, trailers } = isFramed ? unframe(sent) : { body: sent, trailers: {} };
  const headers = { ...own, ...trailers };
  if (!isFramed) refuseOtherHash(body, headers);
  const checksums: Record<string, string> = {};
  for (const [name, compute] of Object.entries(checksumOf)) {
    const stated = headers[name];
    if (stated === undefined) continue;
    if (compute(body) !== stated) throw new S3Error(400, 'BadDigest', `${name} does not match the body`);
    checksums[name] = stated;
  }
  return { body, headers, checksums };
}
