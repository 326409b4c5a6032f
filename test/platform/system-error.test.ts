import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemCode, systemReason } from '../../lambdas/platform/system-error.ts';

const caught = (path: string): Promise<unknown> => readFile(path).catch((error: unknown) => error);

test.each([
  ['/no/such/file', 'ENOENT', 'there is no such file or folder'],
  ['/', 'EISDIR', 'it is a folder'],
  ['/dev/null/file', 'ENOTDIR', 'a part of its path is a file, not a folder'],
  [`/${'n'.repeat(300)}`, 'ENAMETOOLONG', 'its name is too long'],
])('reading %s fails for a reason in words', async (path, code, reason) => {
  const error = await caught(path);
  expect(systemCode(error)).toBe(code);
  expect(systemReason(error)).toBe(reason);
});

test('what is not known by its code is still told', () => {
  expect(systemReason(Object.assign(new Error('odd'), { code: 'EODD' }))).toBe('the system says EODD');
  expect(systemCode(new Error('odd'))).toBeUndefined();
  expect(systemReason(new Error('odd'))).toBe('Error: odd');
});
