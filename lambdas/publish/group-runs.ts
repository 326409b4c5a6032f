/**
 * Goes through rows that come in order of a group, one group at a time.
 * @returns a function that gives the rows of a group; ask for groups in the order in which they come, each to its end
 */
export function groupRuns<R>(
  rows: AsyncIterable<R>,
  groupOf: (row: R) => string,
): (group: string) => AsyncGenerator<R> {
  const iterator = rows[Symbol.asyncIterator]();
  let next: Promise<IteratorResult<R>> | undefined;
  return async function* (group) {
    for (;;) {
      next ??= iterator.next();
      const { done, value } = await next;
      if (done || groupOf(value) !== group) return;
      next = undefined;
      yield value;
    }
  };
}
