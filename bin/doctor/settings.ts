import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isoDate } from '../../lambdas/lake/day.ts';
import { lastCompleteDay } from '../../lambdas/night/claim.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import type { Receipt } from '../../lambdas/platform/live-ingests.ts';
import { systemCode } from '../../lambdas/platform/system-error.ts';
import { type Found, fail, ok, warn } from './finding.ts';

/** Whether the secret behind the pseudonyms is there, is the one wanted, and is its owner's alone. */
export async function secret(root: string, wanted: string | undefined, receipts: number): Promise<Found> {
  const path = join(root, 'secret', 'identity-secret');
  const kept = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (kept === null) {
    const next = 'Restore it from a backup before anything else: a new one makes strangers of all customers.';
    return receipts > 0
      ? fail(`${path} is missing`, next)
      : warn('there is no secret yet', 'The first run makes one; keep a copy of it.');
  }
  if (wanted !== undefined && wanted !== kept) {
    return fail('WINBACK_SECRET is not the secret of this lake', 'Unset it, or name another lake with --lake.');
  }
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return warn(`others may read ${path}`, `Run chmod 600 ${path}.`);
  }
  return ok('the secret is there, and only its owner may read it');
}

const minute = 60_000;

/** Whether the clock can be right: nothing was taken in later than now. Tells the day that a night now would be of. */
export function clock(now: Date, config: Config, receipts: readonly Receipt[]): Found {
  const zone = config.shop.time_zone;
  const day = isoDate(lastCompleteDay(now, zone));
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(now);
  const found = `it is ${time} in ${zone}, the last complete day ${day}`;
  const newest = receipts
    .map((receipt) => receipt.ingested_at)
    .sort()
    .at(-1);
  if (newest !== undefined && Date.parse(newest) > now.getTime() + minute) {
    return fail(`${found}, but exports were taken in at ${newest}`, 'Set the clock of this machine.');
  }
  return ok(found);
}
