import type { IdentifyingContext } from '../platform/context.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import type { ObjectStore } from '../platform/object-store.ts';
import { type EraseInput, lookUp, rowsIn, takeOut, unhurried, type Wanted } from './erase.ts';

/** Where a line of a request stands: number of the file, in order of name, and of the line, from 1. */
export interface RequestLine {
  readonly file: number;
  readonly line: number;
}

/** What became of requests. Says nothing that names a person, not even the names of files. */
export interface Requested {
  /** False when it is to be called again, and goes on from there. What follows is then what is known so far. */
  readonly is_done: boolean;
  readonly people: number;
  readonly unknown: readonly RequestLine[];
  /** Lines that name nobody or several people; their files stay. */
  readonly refused: readonly (RequestLine & { readonly error: string })[];
  readonly rows: number;
  readonly files: number;
}

interface Asked {
  /** Where each person stands whom a line names. */
  readonly people: ReadonlyMap<Wanted, RequestLine>;
  readonly refused: Requested['refused'];
  /** Files without a refused line. */
  readonly answered: readonly string[];
}

/** Reads all requests, and looks up and records whom they name. */
async function readRequests(
  context: IdentifyingContext,
  requests: ObjectStore,
  prefix: string,
  how: Omit<EraseInput, 'person'>,
): Promise<Asked> {
  const people = new Map<Wanted, RequestLine>();
  const refused: Requested['refused'][number][] = [];
  const answered: string[] = [];
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
        people.set(await lookUp(context, { person, ...how }), line);
      } catch (error) {
        if (!(error instanceof WinbackError) || error.exitCode !== exitCodes.usage) throw error;
        refused.push({ ...line, error: error.name });
      }
    }
    if (refused.length === refusedBefore) answered.push(key);
  }
  return { people, refused, answered };
}

/**
 * Forgets everybody whom request files name, one in a line, and then removes these files: they hold contact data. A file
 * with a line that is refused stays, as do all when it is a dry run. When time runs short, or somebody was recorded only
 * when met, all files stay, and the next call goes on.
 * @param requests the store of the files, under `prefix`
 * @param hasTime whether there is time for another object
 */
export async function eraseRequested(
  context: IdentifyingContext,
  requests: ObjectStore,
  prefix: string,
  how: Omit<EraseInput, 'person'>,
  hasTime: () => boolean = unhurried,
): Promise<Requested> {
  const { people, refused, answered } = await readRequests(context, requests, prefix, how);
  const { isDone, tables, files, unknown } = await takeOut(context, [...people.keys()], how.isDry, hasTime);
  if (isDone && !how.isDry) for (const key of answered) await requests.remove(key);
  const found = { people: people.size - unknown.length, rows: rowsIn(tables) };
  context.log(!isDone ? 'erasure_continues' : how.isDry ? 'erasure_tried' : 'people_erased', found);
  return {
    is_done: isDone,
    ...found,
    unknown: unknown.flatMap((person) => people.get(person) ?? []),
    refused,
    files: files.length,
  };
}
