import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { warningCodes } from '../../lambdas/ingest/check-warnings.ts';

it('every warning of winback check is in docs/layouts.md, and no other', () => {
  const text = readFileSync(new URL('../../docs/layouts.md', import.meta.url), 'utf8');
  const [, table = ''] = text.split('| warning | when |\n|---|---|\n');
  const cells = table.split('\n').flatMap((line) => (line.startsWith('|') ? [line.split('|')[1] ?? ''] : []));
  const documented = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code));
  expect(documented.sort()).toEqual([...warningCodes].sort());
});
