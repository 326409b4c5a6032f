import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { LakeAccessError, UsageError } from '../../lambdas/platform/errors.ts';
import { makeFolder } from '../../lambdas/platform/local/make-folder.ts';
import { systemCode, systemReason } from '../../lambdas/platform/system-error.ts';
import { exportFilesUntil, exportText, shortestShop } from './export-files.ts';
import { firstDayByDefault, lastDayByDefault, shopCurrency, shopSource, shopTimeZone } from './shop.ts';
import { dateOfDay, dayOfDate } from './shop-clock.ts';
import { type SimulationSettings, simulateShop } from './simulate-shop.ts';
import { truthText } from './truth.ts';

/** What can be chosen about the simulated shop. Dates are ISO dates on the shop's calendar. */
export interface DemoOptions {
  /** Whole number from 0 to 4,294,967,295; 7 unless given. */
  seed?: number;
  /** Known customers who ever ordered, at least 1; 4,000 unless given. Guests come on top. */
  customers?: number;
  /** First day of the shop; 2024-04-01 unless given. */
  from?: string;
  /** Last day of the shop and of its last export; 2026-09-30 unless given. */
  to?: string;
}

/** What was written. */
export interface DemoShop {
  /** Paths of the order exports, oldest first. */
  exportFiles: string[];
  /** Path of what no export tells: who was truly lost, and when. */
  truthFile: string;
  /** Path of the configuration that fits the exports. */
  configFile: string;
  /** Last day of the shop. */
  asOf: string;
  /** Orders in the exports, each counted once: with those of guests, failed, cancelled and test ones, without bad records. */
  orders: number;
  /** Known customers. */
  customers: number;
  /** Records of the exports that cannot be taken: each is to be rejected. */
  badRecords: number;
}

/** About 1.5 GB of memory. */
const mostCustomers = 200_000;
const config = {
  shop: { source: shopSource, time_zone: shopTimeZone, currency: shopCurrency, language: 'en' },
};

/**
 * Writes a simulated shop into `directory`, which is made if need be: order exports, a fitting `winback.json`, and
 * `truth.csv` aside. The same options give the same bytes on any day.
 * @throws UsageError when an option is out of range
 * @throws LakeAccessError when the directory or a file in it cannot be written
 */
export async function writeDemoShop(directory: string, options: DemoOptions = {}): Promise<DemoShop> {
  const settings = settingsOf(options);
  const shop = simulateShop(settings);
  const files = exportFilesUntil(settings.lastDay);
  const truthFile = join(directory, 'truth.csv');
  const configFile = join(directory, 'winback.json');
  try {
    await makeFolder(directory);
    for (const file of files) await writeText(join(directory, file.name), exportText(file, shop.orders));
    await writeText(truthFile, truthText(shop.customers));
    await writeText(configFile, [`${JSON.stringify(config, null, 2)}\n`]);
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause;
    const message = `the demo shop cannot be written to ${directory}: ${systemReason(cause)}`;
    throw new LakeAccessError(message, nextIfUnwritable, { cause });
  }
  return {
    exportFiles: files.map(({ name }) => join(directory, name)),
    truthFile,
    configFile,
    asOf: dateOfDay(settings.lastDay),
    orders: shop.orders.length,
    customers: shop.customers.length,
    badRecords: files.reduce((sum, { faults }) => sum + faults.length, 0),
  };
}

const nextIfUnwritable = 'Name a directory that you may write to, on a disk with room for it.';

function settingsOf({ seed = 7, customers = 4_000, from, to }: DemoOptions): SimulationSettings {
  const firstDay = from === undefined ? firstDayByDefault : dayOfOption('from', from);
  const lastDay = to === undefined ? lastDayByDefault : dayOfOption('to', to);
  checkWhole('seed', seed, 0, 0xffffffff);
  checkWhole('customers', customers, 1, mostCustomers);
  if (lastDay - firstDay + 1 < shortestShop) {
    throw new UsageError(
      `the demo shop would run from ${dateOfDay(firstDay)} to ${dateOfDay(lastDay)}, which is too short`,
      `Leave at least ${shortestShop} days between from and to.`,
    );
  }
  return { seed, customers, firstDay, lastDay };
}

function dayOfOption(name: string, date: string): number {
  const day = dayOfDate(date);
  if (Number.isNaN(day)) throw new UsageError(`${name} is no date: ${date}`, 'Give a date like 2026-09-30.');
  return day;
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new UsageError(`${name} of the demo shop is ${value}`, `Give a whole number from ${least} to ${most}.`);
}

/** Writes pieces of text as UTF-8, compressed if the name ends in `.gz`. */
async function writeText(path: string, pieces: Iterable<string>): Promise<void> {
  const source = Readable.from(inChunks(pieces), { objectMode: false });
  const file = createWriteStream(path);
  if (path.endsWith('.gz')) await pipeline(source, createGzip({ level: 6 }), withoutSystemByte(), file);
  else await pipeline(source, file);
}

const chunkLength = 1 << 16;

function* inChunks(pieces: Iterable<string>): Generator<Buffer> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < chunkLength) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

/**
 * Sets the operating system in a gzip header to "unknown" (RFC 1952, byte 9), so that the bytes are the same everywhere;
 * Node leaves the modification time at 0.
 */
function withoutSystemByte(): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (seen <= 9 && seen + chunk.length > 9) chunk[9 - seen] = 255;
      seen += chunk.length;
      done(null, chunk);
    },
  });
}
