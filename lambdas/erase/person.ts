import { optionalText } from '../lake/column.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';
import { type QueryEngine, rowsOf } from '../platform/query-engine.ts';
import { sqlFile } from '../platform/statement.ts';

const linkedKeysSql = sqlFile(import.meta.url, 'linked-keys.sql');

const linked = {
  columns: { first_key: optionalText(''), second_key: optionalText(''), third_key: optionalText('') },
  key: ['first_key', 'second_key', 'third_key'],
};

/** One person has no more keys than this: beyond it, a value that many share has made one of them. */
const mostKeys = 50;

/** What was given stands for several people, as where one's phone number is another's customer number. */
export class SeveralPeople extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

/** More keys belong together than one person has. */
export class TooManyKeys extends WinbackError {
  override readonly exitCode = exitCodes.usage;
}

const tooMany = (): TooManyKeys =>
  new TooManyKeys(
    `more than ${mostKeys} e-mail addresses, phone and customer numbers belong together here: several people share one`,
    'Look at the exports. To erase all of them nevertheless, add --force.',
  );

/** Every set of keys that belong together and of which one is asked for. */
async function linksOf(engine: QueryEngine, asked: readonly string[]): Promise<string[][]> {
  const keys = { rows: asked.map((token) => [{ token }]) };
  const rows = await rowsOf(engine, linkedKeysSql({ keys }), linked);
  return rows.map((row) => [row.first_key, row.second_key, row.third_key].filter((key) => key !== null));
}

/** The keys that are reached from one over links. */
function reachedFrom(start: string, links: readonly (readonly string[])[]): Set<string> {
  const reached = new Set([start]);
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const link of links) if (link.some((key) => reached.has(key))) for (const key of link) reached.add(key);
  }
  return reached;
}

/**
 * All keys of the person whom one of the given keys names: those that live ingests tell together, directly or through
 * others, those that the current night takes for one person, and those that were erased together.
 * @param given keys that a word may stand for
 * @param erased keys of each person who was erased
 * @returns the keys, sorted; `isKnown` is false where the lake tells nothing of the person, who then has the given keys
 * @throws SeveralPeople where the given keys name more than one person
 * @throws TooManyKeys unless `mayBeMany`
 */
export async function findPerson(
  engine: QueryEngine,
  given: readonly string[],
  erased: readonly (readonly string[])[],
  mayBeMany: boolean,
): Promise<{ readonly keys: readonly string[]; readonly isKnown: boolean }> {
  const links: (readonly string[])[] = [];
  const known = new Set<string>();
  for (let asked: readonly string[] = given; asked.length > 0; ) {
    for (const key of asked) known.add(key);
    const told = await linksOf(engine, asked);
    const together = erased.filter((keys) => keys.some((key) => asked.includes(key)));
    links.push(...told, ...together);
    asked = [...new Set([...told, ...together].flat())].filter((key) => !known.has(key));
    if (known.size + asked.length > mostKeys && !mayBeMany) throw tooMany();
  }
  const told = given.filter((key) => links.some((link) => link.includes(key)));
  const people = told.map((key) => reachedFrom(key, links));
  const [first] = people;
  const other = told.find((key) => first && !first.has(key));
  if (other) {
    throw new SeveralPeople(
      `what is given stands for two people: ${told[0]} and ${other}`,
      'See who they are with winback explain, and erase one by that key.',
    );
  }
  return { keys: [...(first ?? new Set(given))].sort(), isKnown: first !== undefined };
}
