import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, hashOfFiles } from '../cache.ts';
import { command } from '../unavailable.ts';

const packages = ['moto[server,stepfunctions]==5.2.5', 'cfn-lint==1.58.0'];

/**
 * Finds a Python with the packages under test in the user's cache, or makes one with pip (about 300 MB).
 * @returns path of its interpreter
 * @throws Unavailable with the reason
 */
export async function installedPython(): Promise<string> {
  const folder = await cached(`python-${hashOfFiles([fileURLToPath(import.meta.url)])}`, async (aside) => {
    await command('python3', ['-m', 'venv', aside]);
    await command(join(aside, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages]);
  });
  return join(folder, 'bin', 'python');
}
