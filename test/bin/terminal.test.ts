import { expect, test } from 'vitest';
import { visible } from '../../bin/terminal.ts';

test('only the styles of winback reach the terminal', () => {
  for (const own of ['\u001b[1mbold\u001b[22m', '\u001b[33mnote\u001b[39m']) expect(visible(own)).toBe(own);
  expect(visible('orders\u001b[8mhidden\u001b[28m.csv')).toBe('orders\\u{001b}[8mhidden\\u{001b}[28m.csv');
  expect(visible('a\u001b[2Kb\nc\u202ed')).toBe('a\\u{001b}[2Kb\\u{000a}c\\u{202e}d');
});
