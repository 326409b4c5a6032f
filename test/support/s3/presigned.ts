import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const timeOf = (stamp: string): number =>
  Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/**
 * Verifies a presigned URL (AWS Signature Version 4, query form); requests without one pass.
 * @throws S3Error when it has expired or was tampered with
 */
export function verifyPresigned(request: IncomingMessage, url: URL, secret: string): void {
  const query = url.searchParams;
  const signature = query.get('X-Amz-Signature');
  if (signature === null) return;
  const stamp = query.get('X-Amz-Date') ?? '';
  if (timeOf(stamp) + Number(query.get('X-Amz-Expires')) * 1000 < Date.now()) {
    throw new S3Error(403, 'AccessDenied', 'Request has expired');
  }
  const pairs = [...query].filter(([name]) => name !== 'X-Amz-Signature');
  const canonicalQuery = pairs
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const canonical = [
    request.method,
    url.pathname,
    canonicalQuery,
    names.map((name) => `${name}:${request.headers[name]}\n`).join(''),
    names.join(';'),
    query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
  const [, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope.join('/'), createHash('sha256').update(canonical).digest('hex')];
  const key = scope.reduce<string | Buffer>((earlier, part) => hmac(earlier, part), `AWS4${secret}`);
  if (hmac(key, toSign.join('\n')).toString('hex') !== signature) throw new S3Error(403, 'SignatureDoesNotMatch');
}
