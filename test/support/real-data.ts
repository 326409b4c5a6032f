import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

/**
 * Path of a real order history that lies beside the checkout (`../shared/data`), or null after saying that it is absent,
 * so that a test which needs it ends with a printed reason.
 */
export function realData(name: string): string | null {
  const path = `${root}${name}`;
  if (existsSync(path)) return path;
  console.warn(
    `real data not here: ${name} (expected beside the checkout, in ../shared/data); this test checks nothing`,
  );
  return null;
}
