import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, winback } from '../support/cli.ts';

export const smallShopSecret = 'a secret for small shops';

/** Orders of nine customers, one every three days from 2024-01-01 to 2024-06-26, as a file of an export. */
export async function writeOrders(folder: string, name = 'orders.csv', count = 60): Promise<string> {
  const rows = Array.from({ length: count }, (_, i) => {
    const on = new Date(Date.UTC(2024, 0, 1 + i * 3, 10)).toISOString();
    return `${i + 1},c${i % 9},c${i % 9}@shop.example,${on},${10 + i}.00,EUR`;
  });
  const path = join(folder, name);
  await writeFile(path, ['order_id,customer_id,email,order_ts,total,currency', ...rows].join('\n'));
  return path;
}

/** The command line in a folder, on lakes with the secret of small shops. */
export const winbackIn =
  (cwd: string) =>
  (...words: string[]): Promise<Ended> =>
    winback(words, { cwd, env: { WINBACK_SECRET: smallShopSecret } });
