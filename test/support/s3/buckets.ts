import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { S3Error } from './s3-error.ts';

export const md5 = (body: Uint8Array): Buffer => createHash('md5').update(body).digest();
export const quotedMd5 = (body: Uint8Array): string => `"${md5(body).toString('hex')}"`;

/** What is known of an object besides its bytes. */
export interface ObjectFacts {
  readonly etag: string;
  readonly bytes: number;
  readonly modified: Date;
  /** Headers given at the write that come back with every read. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
  /** Set in buckets with versioning. */
  readonly versionId?: string;
}

interface Version {
  readonly facts: ObjectFacts;
  readonly body: Buffer;
}

export interface NewObject {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums?: Readonly<Record<string, string>>;
  /** Where it is not the hash of the bytes, as after a multipart upload. */
  readonly etag?: string;
  /** Where it is not the moment of the write. */
  readonly modified?: Date;
}

/** Headers that make a write or a read conditional. */
export interface Conditions {
  readonly 'if-none-match'?: string;
  readonly 'if-match'?: string;
}

const bare = (etag: string): string => etag.replaceAll('"', '');

/** @throws S3Error as S3 answers a conditional write that may not go ahead */
function checkConditions(conditions: Conditions, current: ObjectFacts | null): void {
  const failed = new S3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions did not hold');
  if (conditions['if-none-match'] === '*' && current) throw failed;
  const wanted = conditions['if-match'];
  if (wanted === undefined) return;
  if (!current) throw new S3Error(404, 'NoSuchKey');
  if (bare(wanted) !== bare(current.etag)) throw failed;
}

/**
 * Buckets in a folder: the object `key` of `bucket` is the file `bucket/key`, so that DuckDB and Trino read the same
 * objects in place. All calls are synchronous, which makes each conditional write atomic.
 */
export function openBuckets(root: string) {
  const known = new Map<string, ObjectFacts>();
  const versions = new Map<string, Version[]>();
  const versioned = new Set<string>();

  const pathOf = (bucket: string, key: string): string => {
    const folder = join(root, bucket) + sep;
    const path = join(folder, key);
    if (!path.startsWith(folder)) throw new S3Error(400, 'InvalidArgument', 'the key leaves the bucket');
    return path;
  };
  const nameOf = (bucket: string, key: string): string => `${bucket}/${key}`;
  const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

  /** Facts of an object; those of a file that an engine wrote beside the server are made up. */
  function facts(bucket: string, key: string): ObjectFacts | null {
    const path = pathOf(bucket, key);
    if (!isFile(path)) return null;
    const found = known.get(nameOf(bucket, key));
    const { size, mtime } = statSync(path);
    if (found && found.bytes === size) return found;
    const made = { etag: quotedMd5(readFileSync(path)), bytes: size, modified: mtime, headers: {}, checksums: {} };
    known.set(nameOf(bucket, key), made);
    return made;
  }

  function version(bucket: string, key: string, versionId: string): Version {
    const found = versions.get(nameOf(bucket, key))?.find(({ facts: of }) => of.versionId === versionId);
    if (!found) throw new S3Error(404, 'NoSuchVersion');
    return found;
  }

  function write(bucket: string, key: string, object: NewObject, conditions: Conditions = {}): ObjectFacts {
    checkConditions(conditions, facts(bucket, key));
    const path = pathOf(bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    const aside = join(root, `.${randomUUID()}`);
    writeFileSync(aside, object.body);
    renameSync(aside, path);
    const written: ObjectFacts = {
      etag: object.etag ?? quotedMd5(object.body),
      bytes: object.body.length,
      modified: object.modified ?? new Date(),
      headers: object.headers,
      checksums: object.checksums ?? {},
      ...(versioned.has(bucket) && { versionId: randomUUID() }),
    };
    known.set(nameOf(bucket, key), written);
    if (written.versionId) {
      const earlier = versions.get(nameOf(bucket, key)) ?? [];
      versions.set(nameOf(bucket, key), [...earlier, { facts: written, body: object.body }]);
    }
    return written;
  }

  /** Folders left empty would be listed by engines that read the folder. */
  function removeEmptyFolders(bucket: string, from: string): void {
    for (let folder = from; folder !== join(root, bucket); folder = dirname(folder)) {
      if (!existsSync(folder) || readdirSync(folder).length > 0) return;
      rmdirSync(folder);
    }
  }

  return {
    facts,
    version,
    write,
    exists: (bucket: string): boolean => existsSync(join(root, bucket)),
    create: (bucket: string): void => {
      if (existsSync(join(root, bucket))) throw new S3Error(409, 'BucketAlreadyOwnedByYou');
      mkdirSync(join(root, bucket), { recursive: true });
    },
    keepVersions: (bucket: string): void => {
      versioned.add(bucket);
    },
    versionsUnder: (bucket: string, prefix: string): { key: string; facts: ObjectFacts }[] =>
      [...versions].flatMap(([name, all]) => {
        const key = name.slice(bucket.length + 1);
        return name.startsWith(nameOf(bucket, prefix)) ? all.map((one) => ({ key, facts: one.facts })) : [];
      }),
    body: (bucket: string, key: string): Buffer => readFileSync(pathOf(bucket, key)),
    /** Changes the bytes behind the server's back; what was known of the object stays. */
    damage: (bucket: string, key: string, body: Buffer): void => writeFileSync(pathOf(bucket, key), body),
    remove: (bucket: string, key: string): void => {
      known.delete(nameOf(bucket, key));
      rmSync(pathOf(bucket, key), { force: true });
      removeEmptyFolders(bucket, dirname(pathOf(bucket, key)));
    },
    /** Removes one version for good, as erasure must. */
    removeVersion: (bucket: string, key: string, versionId: string): void => {
      const name = nameOf(bucket, key);
      const isCurrent = known.get(name)?.versionId === versionId;
      versions.set(
        name,
        (versions.get(name) ?? []).filter(({ facts: of }) => of.versionId !== versionId),
      );
      if (!isCurrent) return;
      known.delete(name);
      rmSync(pathOf(bucket, key), { force: true });
    },
    /** All keys in the order of their UTF-8 bytes. */
    keys: (bucket: string): string[] =>
      readdirSync(join(root, bucket), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(join(root, bucket).length + 1))
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  };
}

export type Buckets = ReturnType<typeof openBuckets>;
