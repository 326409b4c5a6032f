import { randomUUID } from 'node:crypto';
import { type Buckets, type Conditions, md5, type ObjectFacts } from './buckets.ts';
import { S3Error } from './s3-error.ts';

const smallestPart = 5 * 1024 * 1024;

interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/** Multipart uploads under way. */
export function openUploads(buckets: Buckets) {
  const uploads = new Map<string, Upload>();
  const find = (id: string): Upload => {
    const found = uploads.get(id);
    if (!found) throw new S3Error(404, 'NoSuchUpload');
    return found;
  };
  return {
    begin(bucket: string, key: string, headers: Readonly<Record<string, string>>): string {
      const id = randomUUID();
      uploads.set(id, { bucket, key, headers, parts: new Map() });
      return id;
    },
    put(id: string, number: number, body: Buffer): void {
      find(id).parts.set(number, body);
    },
    abort(id: string): void {
      find(id);
      uploads.delete(id);
    },
    complete(id: string, numbers: readonly number[], conditions: Conditions): ObjectFacts {
      const { bucket, key, headers, parts } = find(id);
      const isOrdered = numbers.every((number, i) => parts.has(number) && (i === 0 || number > numbers[i - 1]!));
      if (!isOrdered) throw new S3Error(400, 'InvalidPart');
      const bodies = numbers.map((number) => parts.get(number)!);
      if (bodies.slice(0, -1).some((body) => body.length < smallestPart)) throw new S3Error(400, 'EntityTooSmall');
      const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString('hex')}-${bodies.length}"`;
      const written = buckets.write(bucket, key, { body: Buffer.concat(bodies), headers, etag }, conditions);
      uploads.delete(id);
      return written;
    },
    underWay: (bucket: string): { id: string; key: string }[] =>
      [...uploads].flatMap(([id, upload]) => (upload.bucket === bucket ? [{ id, key: upload.key }] : [])),
  };
}
