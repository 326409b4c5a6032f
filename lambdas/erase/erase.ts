import type { IdentifyingContext } from '../platform/context.ts';
import { erasedKeys, readErasures, recordErasure } from '../platform/erasures.ts';
import { exitCodes, UsageError, WinbackError } from '../platform/errors.ts';
import { possibleKeys } from '../platform/person-keys.ts';
import { findPerson } from './person.ts';
import { type SweptFile, sweepPublished } from './sweep-published.ts';
import { type SweptTable, sweepTable, sweptTables } from './sweep-tables.ts';

/** The lake tells nothing of the person who is to be erased. */
export class UnknownPerson extends WinbackError {
  override readonly exitCode = exitCodes.input;
}

export interface EraseInput {
  /** E-mail address, phone number, customer number of the shop, or pseudonym. */
  readonly person: string;
  /** Only says what would go. */
  readonly isDry: boolean;
  /** Also somebody of whom the lake tells nothing yet, or who has more keys than one person has. */
  readonly isForced: boolean;
}

export interface Erased {
  /** The person's keys: those of e-mail addresses, phone and customer numbers. */
  readonly keys: readonly string[];
  /** Tables and files that held the person, or somebody erased before; empty when nothing was left. */
  readonly tables: readonly SweptTable[];
  readonly files: readonly SweptFile[];
}

/** Takes people out of what is published and out of every table. */
async function sweep(
  { store, progress }: IdentifyingContext,
  erased: ReadonlySet<string>,
  isDry: boolean,
): Promise<Pick<Erased, 'tables' | 'files'>> {
  const files = await sweepPublished(store, erased, isDry);
  const swept: SweptTable[] = [];
  for (const [done, table] of sweptTables.entries()) {
    progress(done / sweptTables.length, table.name);
    swept.push(await sweepTable(store, table, erased, isDry));
  }
  return { files, tables: swept.filter(({ rows }) => rows > 0) };
}

/** Takes everybody who was erased, and whoever else is named, out of what is published and out of every table. */
export async function sweepErased(context: IdentifyingContext, keys: readonly string[], isDry: boolean) {
  const erased = erasedKeys(await readErasures(context.store));
  return sweep(context, new Set([...erased, ...keys]), isDry);
}

/** Finds all keys of a person, and unless it is a dry run records that they are erased. @throws as erase does */
export async function forget(
  context: IdentifyingContext,
  { person, isDry, isForced }: EraseInput,
): Promise<readonly string[]> {
  const given = possibleKeys(context, person);
  if (given.length === 0) {
    throw new UsageError('what is given names nobody', 'Give an e-mail address, phone or customer number, or a key.');
  }
  const { people } = await readErasures(context.store);
  const { keys, isKnown } = await findPerson(context.engine, given, people, isForced);
  if (!isKnown && !isForced) {
    const { tables, files } = await sweep(context, new Set(keys), true);
    if (tables.length + files.length === 0) {
      throw new UnknownPerson(
        'the lake tells nothing of this person, and nothing was recorded',
        'Check the spelling and the --config of the run. To keep them out of later exports too, add --force.',
      );
    }
  }
  if (!isDry) await recordErasure(context.store, keys);
  return keys;
}

/** Rows of all tables together. */
export const rowsIn = (tables: readonly SweptTable[]): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/**
 * Forgets a person: records their keys, so that nothing that files tell of them is kept from now on, and then takes them
 * out of what was published and out of every table of every ingest and night. Orders stay, as orders of nobody; models
 * hold no rows. Who was erased before is taken out as well where a night that ran meanwhile has brought them back, so
 * erasing anybody again finishes what was broken off.
 * @throws UsageError for what can be nobody's name
 * @throws UnknownPerson where the lake tells nothing of the person, unless forced
 * @throws SeveralPeople, TooManyKeys as findPerson does
 */
export async function erase(context: IdentifyingContext, input: EraseInput): Promise<Erased> {
  const keys = await forget(context, input);
  const found = await sweepErased(context, keys, input.isDry);
  context.log(input.isDry ? 'erasure_tried' : 'people_erased', { people: 1, rows: rowsIn(found.tables) });
  return { keys, ...found };
}
