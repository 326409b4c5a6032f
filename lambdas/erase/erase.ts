import type { IdentifyingContext } from '../platform/context.ts';
import { erasedKeys, readErasures, recordErasure } from '../platform/erasures.ts';
import { exitCodes, UsageError, WinbackError } from '../platform/errors.ts';
import { possibleKeys } from '../platform/person-keys.ts';
import { findPerson } from './person.ts';
import { seek } from './sought.ts';
import { sweep } from './sweep.ts';
import { openMark } from './sweep-mark.ts';
import type { SweptFile } from './sweep-published.ts';
import type { SweptTable } from './sweep-tables.ts';

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

/** Somebody who is to be erased, as far as statements can tell. */
export interface Wanted {
  readonly keys: readonly string[];
  /** Whether the lake's orders tell of them, or they are erased whatever the lake tells. */
  readonly isKnown: boolean;
}

/** What became of everybody who was to be erased. */
export interface TakenOut extends Pick<Erased, 'tables' | 'files'> {
  /**
   * False when time ran short, or somebody was recorded only when met: an export that was taken in before may tell of
   * them in what was dealt with by then. Looked up again and called again, it goes on from here.
   */
  readonly isDone: boolean;
  /** Those of whom nothing was found, and who are not recorded. Known for certain only when it is done. */
  readonly unknown: readonly Wanted[];
}

export const unhurried = (): boolean => true;

/**
 * Finds all keys of a person. Unless it is a dry run, records that somebody is erased whom the lake's orders tell of, or
 * who is erased in any case.
 * @throws UsageError for what can be nobody's name
 * @throws SeveralPeople, TooManyKeys as findPerson does
 */
export async function lookUp(context: IdentifyingContext, { person, isDry, isForced }: EraseInput): Promise<Wanted> {
  const given = possibleKeys(context, person);
  if (given.length === 0) {
    throw new UsageError('what is given names nobody', 'Give an e-mail address, phone or customer number, or a key.');
  }
  const { people } = await readErasures(context.store);
  const { keys, isKnown } = await findPerson(context.engine, given, people, isForced);
  const wanted = { keys, isKnown: isKnown || isForced };
  if (wanted.isKnown && !isDry) await recordErasure(context.store, keys);
  return wanted;
}

/**
 * Takes everybody who was erased, and whoever is wanted, out of what is published and out of every table. Who is wanted
 * without being known is recorded as soon as anything of them is met, and before it is changed.
 * @param hasTime whether there is time for another object; without it the sweep leaves a mark and stops
 * @throws PreconditionFailed when another sweep runs at the same time and has left its mark
 */
export async function takeOut(
  context: IdentifyingContext,
  wanted: readonly Wanted[],
  isDry: boolean,
  hasTime: () => boolean,
): Promise<TakenOut> {
  const { store } = context;
  const known = wanted.filter(({ isKnown }) => isKnown).flatMap(({ keys }) => keys);
  const unsure = wanted.filter(({ isKnown }) => !isKnown);
  const erased = new Set([...erasedKeys(await readErasures(store)), ...known]);
  const sets = unsure.map(({ keys }) => keys);
  const kept = await openMark(context, erased, sets.flat(), isDry);
  let isAnybodyNew = false;
  const record = async (keys: readonly string[]): Promise<void> => {
    if (isDry) return;
    await recordErasure(store, keys);
    isAnybodyNew = true;
  };
  const sought = seek(erased, sets, record, kept.mark?.met);
  const { tables, files, stoppedAt } = await sweep(context, sought, isDry, hasTime, kept.mark);
  const isDone = stoppedAt === null && !isAnybodyNew;
  if (isDone) await kept.remove();
  else await kept.leave({ reached: isAnybodyNew ? null : stoppedAt, tables, files, met: [...sought.met] });
  const unknown = unsure.filter(({ keys }) => !keys.some((key) => sought.met.has(key)));
  return { isDone, tables, files, unknown };
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
  const wanted = await lookUp(context, input);
  const { isDone, tables, files, unknown } = await takeOut(context, [wanted], input.isDry, unhurried);
  if (!isDone) return erase(context, input);
  if (unknown.length > 0) {
    throw new UnknownPerson(
      'the lake tells nothing of this person, and nothing was recorded',
      'Check the spelling and the --config of the run. To keep them out of later exports too, add --force.',
    );
  }
  context.log(input.isDry ? 'erasure_tried' : 'people_erased', { people: 1, rows: rowsIn(tables) });
  return { keys: wanted.keys, tables, files };
}
