import type { Buckets } from './buckets.ts';
import { element, escapeXml, parent } from './xml.ts';

const mostKeys = 1000;

interface Page {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** Where the next page begins; null on the last. */
  readonly next: string | null;
}

/** One page of ListObjectsV2: keys and common prefixes after `after`, `limit` of both together. */
function pageOf(all: readonly string[], prefix: string, delimiter: string, after: string, limit: number): Page {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last = '';
  for (const key of all) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length);
    if (name <= after || prefixes.at(-1) === name) continue;
    if (keys.length + prefixes.length === limit) return { keys, prefixes, next: last };
    (cut < 0 ? keys : prefixes).push(name);
    last = name;
  }
  return { keys, prefixes, next: null };
}

/** The answer to ListObjectsV2. */
export function listObjects(buckets: Buckets, bucket: string, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token ? Buffer.from(token, 'base64url').toString() : (query.get('start-after') ?? '');
  const limit = Math.min(Number(query.get('max-keys') ?? mostKeys), mostKeys);
  const { keys, prefixes, next } = pageOf(buckets.keys(bucket), prefix, query.get('delimiter') ?? '', after, limit);
  const isUrl = query.get('encoding-type') === 'url';
  const shown = (key: string): string => (isUrl ? encodeURIComponent(key).replaceAll('%2F', '/') : escapeXml(key));
  const contents = keys.map((key) => {
    const facts = buckets.facts(bucket, key)!;
    return parent(
      'Contents',
      parent('Key', shown(key)),
      element('LastModified', facts.modified.toISOString()),
      element('ETag', facts.etag),
      element('Size', facts.bytes),
      element('StorageClass', 'STANDARD'),
    );
  });
  return parent(
    'ListBucketResult',
    element('Name', bucket),
    parent('Prefix', shown(prefix)),
    element('MaxKeys', limit),
    element('KeyCount', keys.length + prefixes.length),
    element('IsTruncated', next !== null),
    next === null ? '' : element('NextContinuationToken', Buffer.from(next).toString('base64url')),
    ...contents,
    ...prefixes.map((name) => parent('CommonPrefixes', parent('Prefix', shown(name)))),
  );
}
