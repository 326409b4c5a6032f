import { basename, join, resolve } from 'node:path';
import { type ExitCode, exitCodes, LakeAccessError, UsageError } from '../../../lambdas/platform/errors.ts';
import { fileStore } from '../../../lambdas/platform/local/file-store.ts';
import { systemReason } from '../../../lambdas/platform/system-error.ts';
import { type FormatName, formatNames } from '../../../lambdas/publish/files/format.ts';
import type { ManifestFile } from '../../../lambdas/publish/manifest.ts';
import { counted } from '../../../lambdas/wording/counts.ts';
import type { Arguments } from '../../command.ts';
import { type Terminal, tableLines } from '../../terminal.ts';
import { checkListName, filesOf, listNames, type Published, publishedBytes, withdrawnOf } from './published.ts';

const isFormat = (name: string): name is FormatName => formatNames.some((known) => known === name);

function formatsAsked(given: Arguments): FormatName[] {
  const asked = given.texts('format');
  const unknown = asked.find((name) => !isFormat(name));
  if (unknown !== undefined) {
    throw new UsageError(`there is no format ${JSON.stringify(unknown)}`, `Formats: ${formatNames.join(', ')}.`);
  }
  return asked.length === 0 ? ['people'] : [...new Set(asked.filter(isFormat))];
}

/** A name that says of which night a file is, and whether its people are to be reached or left out. */
const localName = (asOf: string, { kind, list, key }: ManifestFile): string =>
  `${asOf}-${kind === 'exclusion' ? 'exclude-' : ''}${list}-${basename(key)}`;

/** Writes beside the target and renames: whoever looks sees the old file, or the whole new one. */
async function save(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await fileStore(folder)
    .write(name, bytes)
    .catch((error: Error) => {
      const message = `${path} cannot be written: ${systemReason(error.cause ?? error)}`;
      throw new LakeAccessError(message, 'Choose another --out.', { cause: error });
    });
  return path;
}

/** Copies files of the current night into a folder, each verified against the manifest before it appears there. */
export async function pull(published: Published, given: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { manifest, ageInDays } = published;
  const out = given.text('out');
  if (!out) throw new UsageError('no folder to pull the lists into', 'Name one with --out DIR.');
  const formats = formatsAsked(given);
  const named = given.texts('campaign').map((name) => checkListName(manifest, name));
  const lists = named.length > 0 ? [...new Set(named)] : listNames(manifest);
  const files = lists.flatMap((list) => formats.flatMap((format) => filesOf(manifest, list, format)));
  const withdrawn = withdrawnOf(manifest, lists, formats);
  const pulled: (ManifestFile & { readonly path: string })[] = [];
  for (const [index, file] of files.entries()) {
    terminal.progress(`${index + 1} of ${files.length}: ${file.list} ${file.format}`);
    const path = await save(resolve(out), localName(manifest.as_of, file), await publishedBytes(published, file));
    pulled.push({ path, ...file });
  }
  terminal.endProgress();
  terminal.json({ as_of: manifest.as_of, age_days: ageInDays, files: pulled, withdrawn });
  const rows = pulled.map(({ path, rows: people }) => [path, counted(people)]);
  for (const line of tableLines(['file', 'people'], rows)) terminal.line(line);
  for (const { list, format } of withdrawn) {
    terminal.line(`  No ${format} file of ${list}: withdrawn when somebody was erased. Run the night again.`);
  }
  return exitCodes.ok;
}
