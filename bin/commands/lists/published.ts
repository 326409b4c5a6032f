import { createHash } from 'node:crypto';
import { latestManifestKey } from '../../../lambdas/lake/zones.ts';
import { LakeAccessError, NothingToDo, UsageError } from '../../../lambdas/platform/errors.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../../lambdas/platform/object-store.ts';
import { type FormatName, formatNames } from '../../../lambdas/publish/files/format.ts';
import { type Manifest, type ManifestFile, readManifest } from '../../../lambdas/publish/manifest.ts';
import { plural } from '../../../lambdas/wording/counts.ts';
import type { Arguments } from '../../command.ts';
import { lakeFolder } from '../../local-lake.ts';
import type { Terminal } from '../../terminal.ts';

/** What is published in a lake: its current manifest, and where the files lie that it names. */
export interface Published {
  readonly manifest: Manifest;
  /** Days between the date of the lists and now: a list that is old shows it. */
  readonly ageInDays: number;
  readonly store: Pick<ObjectStore, 'read'>;
}

interface Place {
  readonly name: string;
  readonly store: Pick<ObjectStore, 'read'>;
  /** What to do when nothing is published there. */
  readonly next: string;
}

/** The bucket that `--from` names; its client is loaded here and nowhere before. */
async function bucketPlace(from: string): Promise<Place> {
  const [, bucket, path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(from) ?? [];
  if (!bucket) {
    throw new UsageError(
      `${JSON.stringify(from)} names no bucket`,
      'Write --from s3://BUCKET, or s3://BUCKET/PREFIX where published/ lies under a prefix.',
    );
  }
  const { bucketReader } = await import('../../../lambdas/platform/aws/bucket-reader.ts');
  const prefix = path.replace(/\/*$/, path === '' ? '' : '/');
  return {
    name: from,
    store: bucketReader(bucket, prefix),
    next: 'Lists are in the bucket of personal data: name that one, with its prefix if there is one.',
  };
}

async function placeOf(given: Arguments): Promise<Place> {
  const from = given.text('from');
  if (from === undefined) {
    const root = lakeFolder(given);
    return { name: root, store: fileStore(root), next: 'Run winback run --orders FILE… first.' };
  }
  if (given.has('lake')) throw new UsageError('both --lake and --from are given', 'Name one place.');
  return bucketPlace(from);
}

/** Opens what a folder or bucket has published. @throws NothingToDo when that is nothing */
export async function openPublished(given: Arguments): Promise<Published> {
  const { name, store, next } = await placeOf(given);
  const manifest = await readManifest(store, latestManifestKey);
  if (!manifest) throw new NothingToDo(`no night has been published in this lake, ${name}`, next);
  const age = Math.floor((Date.now() - Date.parse(`${manifest.as_of}T00:00:00Z`)) / 86_400_000);
  return { manifest, ageInDays: Math.max(0, age), store };
}

/** A file's bytes, exactly as published. @throws LakeAccessError when they are not those of the manifest */
export async function publishedBytes({ store }: Published, file: ManifestFile): Promise<Uint8Array> {
  const found = await store.read(file.key);
  if (!found) {
    throw new LakeAccessError(`${file.key} is not there any more`, 'Run the night again, or roll back to another one.');
  }
  if (createHash('sha256').update(found.body).digest('hex') !== file.sha256) {
    throw new LakeAccessError(
      `${file.key} is not what was published`,
      'Run the night again with a later --as-of, or roll back.',
    );
  }
  return found.body;
}

/** Names of a night's lists: campaigns, then the audiences to exclude. */
export const listNames = ({ lists, exclusions }: Manifest): string[] => [
  ...lists.map((list) => list.campaign),
  ...exclusions.map((exclusion) => exclusion.audience),
];

/** @throws UsageError when a night has no list of this name */
export function checkListName(manifest: Manifest, name: string): string {
  if (listNames(manifest).includes(name)) return name;
  const campaigns = manifest.lists.map((list) => list.campaign).join(', ');
  const audiences = manifest.exclusions.map((exclusion) => exclusion.audience).join(', ');
  throw new UsageError(
    `there is no campaign ${JSON.stringify(name)}`,
    `Campaigns: ${campaigns}. Audiences to exclude: ${audiences}.`,
  );
}

/** The files of a list in one format, or in all. */
export const filesOf = ({ files }: Manifest, list: string, format?: ManifestFile['format']): ManifestFile[] =>
  files.filter((file) => file.list === list && (format === undefined || file.format === format));

/** A format of a list that has no file any more. */
export interface Withdrawn {
  readonly list: string;
  readonly format: FormatName;
}

/** What erasing somebody has withdrawn of lists: every format of a list has a file, be it empty, until then. */
export const withdrawnOf = (
  manifest: Manifest,
  lists: readonly string[] = listNames(manifest),
  formats: readonly FormatName[] = formatNames,
): Withdrawn[] =>
  lists.flatMap((list) =>
    formats.filter((format) => filesOf(manifest, list, format).length === 0).map((format) => ({ list, format })),
  );

/** Says that lists are of before an erasure, where something of them was withdrawn. */
export function erasedNotice(withdrawn: readonly Withdrawn[], terminal: Terminal): void {
  if (withdrawn.length === 0) return;
  const files = plural(withdrawn.length, 'file');
  terminal.line(
    `  ${terminal.style('yellow', 'note')}: somebody was erased since. Figures are of before, and ${files} for upload ${withdrawn.length === 1 ? 'is' : 'are'} withdrawn. Run the night again.`,
  );
}
