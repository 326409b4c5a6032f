import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inFolder } from './support/files.ts';

const script = fileURLToPath(new URL('../.ci/run', import.meta.url));

/** Runs the checks with an npm that does nothing but what is said of its last argument. @returns code and last lines */
const checked = (says: Readonly<Record<string, string>>) =>
  new Promise<{ code: number; lines: string[] }>((resolve, reject) => {
    inFolder(async (folder) => {
      await mkdir(join(folder, '.ci'));
      await mkdir(join(folder, 'node_modules'));
      await mkdir(join(folder, 'bin'));
      await copyFile(script, join(folder, '.ci/run'));
      const cases = Object.entries(says).map(([name, shell]) => `${name}) ${shell};;`);
      await writeFile(join(folder, 'bin/npm'), `#!/usr/bin/env bash\ncase "\${2:-}" in ${cases.join(' ')} esac\n`);
      await chmod(join(folder, 'bin/npm'), 0o755);
      const { CI: _, ...environment } = process.env;
      const env = { ...environment, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
      const ended = await new Promise<{ code: number; lines: string[] }>((done) => {
        execFile('bash', [join(folder, '.ci/run')], { env }, (error, stdout) =>
          done({ code: Number(error?.code ?? 0), lines: stdout.trim().split('\n') }),
        );
      });
      resolve(ended);
    }).catch(reject);
  });

const counts = (run: number, not: number) => `echo "${run} passed, 0 failed, ${not} not run (9 s in all)"`;

test('the last lines of the checks say whether the engines ran', async () => {
  const all = await checked({ 'test:engines': counts(3, 0) });
  expect(all.code).toBe(0);
  expect(all.lines.slice(-2)).toEqual([
    'ENGINES RUN: all parts',
    'engines: 3 passed, 0 failed, 0 not run (9 s in all)',
  ]);

  const none = await checked({ 'test:engines': `echo "ENGINES NOT RUN: Trino: no java"; ${counts(2, 1)}` });
  expect(none.code).toBe(0);
  expect(none.lines.slice(-2)).toEqual([
    'ENGINES NOT RUN: Trino: no java',
    'engines: 2 passed, 0 failed, 1 not run (9 s in all)',
  ]);
});

test('a check that fails ends the checks, and says that engines did not run', async () => {
  const before = await checked({ lint: 'exit 3', 'test:engines': counts(3, 0) });
  expect(before.code).toBe(3);
  expect(before.lines.slice(-2)).toEqual([
    'FAILED: npm run lint',
    'ENGINES NOT RUN: the checks ended before them, or they died',
  ]);
  const engines = await checked({ 'test:engines': 'echo "1 passed, 1 failed, 0 not run (9 s in all)"; exit 1' });
  expect(engines.code).toBe(1);
  expect(engines.lines.slice(-3)).toEqual([
    'FAILED: test_engines',
    'ENGINES RUN: all parts',
    'engines: 1 passed, 1 failed, 0 not run (9 s in all)',
  ]);
});
