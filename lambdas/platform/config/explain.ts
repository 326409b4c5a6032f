import type { z } from 'zod';

const kinds: Readonly<Record<string, string>> = {
  string: 'text in quotation marks',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
};

/** A value as its author would recognise it; lists and objects are named, not shown. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const listed = (choices: readonly unknown[]): string => {
  const texts = choices.map((choice) => JSON.stringify(choice));
  return texts.length === 1 ? `${texts[0]}` : `one of ${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
};

const isMissing = (issue: z.core.$ZodIssue): boolean => issue.code === 'invalid_type' && issue.input === undefined;

function limit(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.origin === 'string' || issue.origin === 'array') return 'must not be empty';
  const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  return `must be ${bound}, not ${shown(issue.input)}`;
}

/** What a value has to be, as a sentence that goes on from its name. */
function sentence(issue: z.core.$ZodIssue): string {
  if (isMissing(issue)) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}, not ${shown(issue.input)}`;
    case 'invalid_value':
      return `must be ${listed(issue.values)}, not ${shown(issue.input)}`;
    case 'too_small':
    case 'too_big':
      return limit(issue);
    case 'invalid_key':
      return 'must have a name that is not empty';
    default:
      return issue.input === undefined || typeof issue.input === 'object'
        ? issue.message
        : `${issue.message}, not ${shown(issue.input)}`;
  }
}

const where = (path: readonly PropertyKey[]): string => path.map(String).join('.') || 'the file';

/** Everything that is wrong with settings, one sentence each, beginning with the setting's path. */
export function explain(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${where([...issue.path, key])} is not a setting`);
  }
  const inside =
    issue.code === 'invalid_union'
      ? issue.errors.find((branch) => branch.some(({ path }) => path.length > 0))
      : undefined;
  if (inside) return inside.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] }));
  return [`${where(issue.path)}: ${sentence(issue)}`];
}
