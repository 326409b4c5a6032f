import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployment, templateOf } from '../infra/synthesize.ts';
import type { Findings } from './part.ts';
import { installedPython } from './states/python.ts';

interface Match {
  readonly Rule: { readonly Id: string };
  readonly Level: string;
  readonly Message: string;
  readonly Location: { readonly Path?: readonly (string | number)[] };
}

/** An order of creation said twice: CDK writes it beside a reference that implies it. */
const known = new Set(['W3005']);

async function lint(
  python: string,
  template: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const main = 'import sys; from cfnlint.runner import main; sys.exit(main())';
  const args = ['-c', main, '--format', 'json', '--non-zero-exit-code', 'error', '--regions', 'eu-central-1'];
  const run = spawn(python, [...args, '--', template], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaint = '';
  run.stdout.on('data', (text) => {
    said += String(text);
  });
  run.stderr.on('data', (text) => {
    complaint += String(text);
  });
  const code = await new Promise<number | null>((resolve, reject) => run.on('close', resolve).on('error', reject));
  return { code, said: said || complaint };
}

/**
 * Lets cfn-lint read the stack's template.
 * @throws Unavailable where it cannot be had
 */
export async function lintedTemplate(folder: string): Promise<Findings> {
  const python = await installedPython();
  const template = templateOf(deployment()).toJSON() as { readonly Resources: object };
  const file = join(folder, 'template.json');
  await writeFile(file, JSON.stringify(template));
  const { code, said } = await lint(python, file);
  if (!said.trimStart().startsWith('[')) return { looked: 'nothing', faults: [`cfn-lint says: ${said.slice(-500)}`] };
  const matches = JSON.parse(said) as Match[];
  const faults = matches
    .filter(({ Rule }) => !known.has(Rule.Id))
    .map(({ Rule, Level, Message, Location }) => `${Level} ${Rule.Id} at ${Location.Path?.join('/')}: ${Message}`);
  if (code !== 0 && faults.length === 0) faults.push(`cfn-lint ended with code ${code}`);
  const passed = matches.length - faults.length;
  return { looked: `${Object.keys(template.Resources).length} resources, ${passed} known notes (W3005)`, faults };
}
