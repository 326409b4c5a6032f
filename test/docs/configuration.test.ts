import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { ConfigError } from '../../lambdas/platform/errors.ts';

interface Documented {
  readonly path: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
  readonly example: string;
}

const withoutTicks = (cell: string): string => cell.replaceAll('`', '');

/** The rows of all tables with the header of settings; `\|` in a cell is a plain sign. */
function documentedSettings(): Documented[] {
  const text = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const rows: Documented[] = [];
  let isSettings = false;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) isSettings = false;
    else if (line === '| setting | type | default | meaning | example |') isSettings = true;
    else if (isSettings && !line.startsWith('|---')) {
      const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
      const [, path = '', type = '', fallback = '', meaning = '', example = ''] = cells;
      if (cells.length !== 7 || meaning === '') throw new Error(`not a row of a setting: ${line}`);
      rows.push({
        path: withoutTicks(path),
        type,
        fallback: withoutTicks(fallback),
        meaning,
        example: withoutTicks(example),
      });
    }
  }
  return rows;
}

const documented = documentedSettings();
const isGroup = (path: string): boolean => documented.some((other) => other.path.startsWith(`${path}.`));

/** Every setting that the schema asks a settings object for, as paths; entries of lists are `name[]`. */
function settingsAskedFor(): string[] {
  const asked = new Set<string>();
  const note = (path: string): object =>
    new Proxy(
      {},
      {
        get(_, name) {
          const member = path === '' ? String(name) : `${path}.${String(name)}`;
          if (typeof name !== 'string' || name === 'length') return undefined;
          asked.add(member);
          if (isGroup(`${member}[]`)) return [note(`${member}[]`)];
          return path === '' || isGroup(member) ? note(member) : undefined;
        },
      },
    );
  try {
    parseConfig(note(''), 'a settings object that notes what it is asked for');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
  }
  return [...asked];
}

/** What must stand beside a setting for its value alone to decide. */
const beside = (path: string): object => {
  if (path.startsWith('rates[].')) return { currency: 'USD', valid_from: '2026-01-01', rate: '1' };
  if (path.startsWith('ingest.files[].')) return { match: 'x*' };
  if (path.startsWith('ingest.columns.order_id.')) return { made_from: ['a'], repeats: 'lines' };
  if (path === 'publish.high_risk_from') return { medium_risk_from: 0 };
  if (path === 'publish.medium_risk_from') return { high_risk_from: 1 };
  return {};
};

/** Settings with one path set to a value, or left out where the value is undefined. */
function settingsWith(path: string, value: unknown): unknown {
  const names = path.split('.');
  const name = names.pop() ?? '';
  return names.reduceRight<unknown>(
    (inner, group) => (group.endsWith('[]') ? { [group.slice(0, -2)]: [inner] } : { [group]: inner }),
    { ...beside(path), [name]: value },
  );
}

const parsed = (path: string, value: unknown) => parseConfig(settingsWith(path, value), 'settings');

const valueAt = (config: unknown, path: string): unknown =>
  path
    .replace('[]', '.0')
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], config);

describe('docs/configuration.md', () => {
  it('documents every setting once and no other', () => {
    const paths = documented.map(({ path }) => path);
    const groups = settingsAskedFor().filter((path) => !paths.includes(path) && isGroup(path));

    expect(groups).toEqual([
      'shop',
      'ingest',
      'ingest.survey',
      'horizon',
      'model',
      'watch',
      'publish',
      'publish.wholesale',
      'publish.files',
      'measure',
      'gates',
      'night',
      'prices',
    ]);
    expect(paths.toSorted()).toEqual(
      settingsAskedFor()
        .filter((path) => !groups.includes(path))
        .toSorted(),
    );
  });

  it.each(documented)('states the default of $path', ({ path, fallback }) => {
    if (fallback === 'required') {
      expect(() => parsed(path, undefined)).toThrow(ConfigError);
      return;
    }
    const actual = valueAt(parseConfig({}, 'no settings'), path);
    expect(fallback).toBe(actual === undefined ? 'none' : JSON.stringify(actual));
  });

  it.each(documented)('gives an example of $path that is another value than the default', ({ path, example }) => {
    const value: unknown = JSON.parse(example);
    expect(valueAt(parsed(path, value), path)).toEqual(value);
    expect(valueAt(parseConfig({}, 'no settings'), path)).not.toEqual(value);
  });

  const limited = documented.flatMap(({ path, type }) => {
    const [, kind = '', low = '', high = ''] =
      /^(whole number|number)(?: from|,) ([\d.]+)(?: to ([\d.]+))?/.exec(type) ?? [];
    return kind ? [{ path, isWhole: kind === 'whole number', low: Number(low), high: Number(high || Infinity) }] : [];
  });

  it.each(limited)('states the limits of $path', ({ path, isWhole, low, high }) => {
    const step = isWhole ? 1 : 0.001;
    expect(valueAt(parsed(path, low), path)).toBe(low);
    expect(() => parsed(path, low - step)).toThrow(ConfigError);
    if (high === Infinity) expect(valueAt(parsed(path, 1e9), path)).toBe(1e9);
    else {
      expect(valueAt(parsed(path, high), path)).toBe(high);
      expect(() => parsed(path, high + step)).toThrow(ConfigError);
    }
    if (isWhole) expect(() => parsed(path, low + 0.5)).toThrow(ConfigError);
    else expect(valueAt(parsed(path, low + 0.5), path)).toBe(low + 0.5);
  });

  it('finds the limits of every number', () => {
    expect(limited.length).toBe(documented.filter(({ type }) => /^(whole )?number/.test(type)).length);
  });

  /** The choices that a refusal lists, as it lists them. */
  function choicesOf(path: string, value: unknown): string {
    try {
      parsed(path, value);
    } catch (error) {
      const { message } = error as ConfigError;
      return /must be one of (.*), not /s.exec(message)?.[1] ?? message;
    }
    return 'anything is accepted';
  }

  const quotedChoices = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, choice]) => `"${choice}"`);
  const quoted = (text: string): string => {
    const choices = quotedChoices(text);
    return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  };

  const chosen = documented.filter(({ type }) => type.startsWith('one of '));

  it.each(chosen.filter(({ path }) => !path.startsWith('ingest.columns.')))(
    'states the choices of $path',
    (setting) => {
      expect(choicesOf(setting.path, 'no such choice')).toBe(quoted(setting.type));
    },
  );

  it.each(chosen.filter(({ path }) => path.startsWith('ingest.columns.')))('states choices of $path', (setting) => {
    for (const choice of JSON.parse(`[${quotedChoices(setting.type).join(',')}]`)) {
      expect(valueAt(parsed(setting.path, choice), setting.path)).toBe(choice);
    }
    expect(() => parsed(setting.path, 'no such choice')).toThrow(ConfigError);
  });

  it('lists the statuses that a word can mean', () => {
    const { meaning } = documented.find(({ path }) => path === 'ingest.statuses') ?? { meaning: '' };
    const [, listed = ''] = /The statuses are ([^.]*)\./.exec(meaning) ?? [];
    expect(choicesOf('ingest.statuses', { word: 'no such status' })).toBe(quoted(listed));
  });
});
