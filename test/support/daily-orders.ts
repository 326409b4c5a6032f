import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/**
 * Cuts line exports of one header, gzipped and in order of time, into what a shop would have delivered: all up to a day
 * in one file, and one file for each day after it, up to a last one.
 * @param dateColumn position of the column whose first ten characters are the day, from 0
 * @returns paths by day, the first under the first day
 */
export async function dailyDeliveries(
  files: readonly string[],
  dateColumn: number,
  first: string,
  last: string,
  folder: string,
): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const written = new Map<string, string>();
  const open = new Map<string, ReturnType<typeof createWriteStream>>();
  for (const file of files) {
    let header: string | undefined;
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
      header ??= line;
      const on = line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[dateColumn]?.slice(0, 10) ?? '';
      if (line === header || !/^\d{4}-\d\d-\d\d$/.test(on) || on > last) continue;
      const day = on <= first ? first : on;
      let out = open.get(day);
      if (!out) {
        const path = join(folder, `orders-${day}.csv`);
        out = createWriteStream(path);
        open.set(day, out);
        written.set(day, path);
        out.write(`${header}\n`);
      }
      if (!out.write(`${line}\n`)) await once(out, 'drain');
    }
  }
  for (const out of open.values()) {
    out.end();
    await once(out, 'finish');
  }
  return written;
}
