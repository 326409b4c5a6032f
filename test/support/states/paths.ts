/** What a machine was asked to do and cannot: the definition names something that is not there. */
export class PathError extends Error {
  override readonly name = 'States.Runtime';
}

/** The value at a reference path such as `$.a.b[0]`. @throws PathError where there is none */
export function valueAt(path: string, data: unknown): unknown {
  let value = data;
  for (const [, name, index] of path.slice(1).matchAll(/\.([A-Za-z_]\w*)|\[(\d+)\]/g)) {
    const key = name ?? Number(index);
    if (value === null || typeof value !== 'object' || !(key in value)) {
      throw new PathError(`there is no ${path} in ${JSON.stringify(data)}`);
    }
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** Puts a result where a path says, over what was told. */
export function placedAt(path: string | null | undefined, data: unknown, result: unknown): unknown {
  if (path === null) return data;
  if (path === undefined || path === '$') return result;
  const [, name] = /^\$\.(\w+)$/.exec(path) ?? [];
  if (!name) throw new PathError(`${path} is no place for a result`);
  return { ...(data as object), [name]: result };
}

/** The value at a path into what was told, or with `$$` into the context. */
export const lookUp = (path: string, data: unknown, context: unknown): unknown =>
  path.startsWith('$$') ? valueAt(path.slice(1), context) : valueAt(path, data);

function evaluated(expression: string, data: unknown, context: unknown): unknown {
  if (expression.startsWith('$')) return lookUp(expression, data, context);
  const [, text, paths] = /^States\.Format\('((?:[^'\\]|\\.)*)'((?:, \$[^,)]+)*)\)$/.exec(expression) ?? [];
  if (text === undefined) throw new PathError(`${expression} is no expression that is known here`);
  const values = (paths ?? '')
    .split(', ')
    .slice(1)
    .map((path) => lookUp(path, data, context));
  return text.replaceAll('{}', () => {
    const value = values.shift();
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** A payload template filled in: members whose name ends in `.$` are expressions. */
export function filledIn(template: unknown, data: unknown, context: unknown): unknown {
  if (Array.isArray(template)) return template.map((each) => filledIn(each, data, context));
  if (template === null || typeof template !== 'object') return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluated(String(value), data, context)]
        : [name, filledIn(value, data, context)],
    ),
  );
}
