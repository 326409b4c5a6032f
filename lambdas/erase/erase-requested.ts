import type { IdentifyingContext } from '../platform/context.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { type EraseInput, forget, rowsIn, sweepErased, UnknownPerson } from './erase.ts';

/** Where a line of a request stands: number of the file, in order of name, and of the line, from 1. */
export interface RequestLine {
  readonly file: number;
  readonly line: number;
}

/** What became of requests. Says nothing that names a person, not even the names of files. */
export interface Requested {
  readonly people: number;
  readonly unknown: readonly RequestLine[];
  /** Lines that name nobody or several people; their files stay. */
  readonly refused: readonly (RequestLine & { readonly error: string })[];
  readonly rows: number;
  readonly files: number;
}

/**
 * Forgets everybody whom request files name, one in a line, and then removes these files: they hold contact data. A file
 * with a line that is refused stays, as do all when it is a dry run.
 * @param requests the store of the files, under `prefix`
 */
export async function eraseRequested(
  context: IdentifyingContext,
  requests: ObjectStore,
  prefix: string,
  { isDry, isForced }: Omit<EraseInput, 'person'>,
): Promise<Requested> {
  const keys: string[] = [];
  const done: string[] = [];
  const unknown: RequestLine[] = [];
  const refused: Requested['refused'][number][] = [];
  let people = 0;
  let file = 0;
  for await (const { key } of requests.list(prefix)) {
    file++;
    const refusedBefore = refused.length;
    const text = new TextDecoder().decode((await requests.read(key))?.body);
    for (const [index, each] of text.split(/\r?\n/).entries()) {
      const person = each.trim();
      if (person === '') continue;
      const line = { file, line: index + 1 };
      try {
        keys.push(...(await forget(context, { person, isDry, isForced })));
        people++;
      } catch (error) {
        if (!(error instanceof WinbackError)) throw error;
        if (error instanceof UnknownPerson) unknown.push(line);
        else if (error.exitCode === exitCodes.usage) refused.push({ ...line, error: error.name });
        else throw error;
      }
    }
    if (refused.length === refusedBefore) done.push(key);
  }
  const found = await sweepErased(context, keys, isDry);
  if (!isDry) for (const key of done) await requests.remove(key);
  const rows = rowsIn(found.tables);
  context.log(isDry ? 'erasure_tried' : 'people_erased', { people, rows });
  return { people, unknown, refused, rows, files: found.files.length };
}
