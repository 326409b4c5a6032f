import { expect, test } from 'vitest';
import { jsonWithLists } from '../../bin/json-lists.ts';

test.each([0, 1, 999, 1000, 1001])('a list of %i items reads back as it was', (count) => {
  const items = Array.from({ length: count }, (_, i) => ({ no: i, text: '"}\n' }));
  const text = [...jsonWithLists({ name: 'a\n}', inner: { b: [] } }, { items, others: [null] })].join('');
  expect(JSON.parse(text)).toEqual({ name: 'a\n}', inner: { b: [] }, items, others: [null] });
});
