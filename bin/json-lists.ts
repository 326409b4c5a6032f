/** Items written at once. */
const batch = 1000;

/**
 * The text of one JSON object whose last members are lists, piece by piece, so that a list of a million items is never
 * one text. Each item stands on a line of its own.
 */
export function* jsonWithLists(head: object, lists: Readonly<Record<string, Iterable<unknown>>>): Generator<string> {
  yield JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  for (const [name, items] of Object.entries(lists)) {
    yield `,\n  ${JSON.stringify(name)}: [`;
    let texts: string[] = [];
    let separator = '\n    ';
    for (const item of items) {
      texts.push(separator + JSON.stringify(item));
      separator = ',\n    ';
      if (texts.length < batch) continue;
      yield texts.join('');
      texts = [];
    }
    yield `${texts.join('')}${separator.startsWith(',') ? '\n  ' : ''}]`;
  }
  yield '\n}\n';
}
