import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { erasureRequests } from '../lake/file-kinds.ts';
import { openContext, openKeys, openRequests } from '../platform/aws/runtime.ts';
import { eraseRequested, type Requested } from './erase-requested.ts';

const eraseEvent = z.strictObject({ dry_run: z.boolean().default(false), force: z.boolean().default(false) });

/** What Lambda tells a function about its call. */
interface Call {
  getRemainingTimeInMillis(): number;
}

/** One object more: so long it takes to read and rewrite a large one. */
const leastMs = 180_000;

/**
 * Entry of the function: erases whom the files under `_erasures/` of the landing bucket name. Events name nobody. Stops
 * before its time is up and says so: whoever calls it calls again.
 */
export async function handler(event: unknown, call: Call): Promise<Requested> {
  const { dry_run, force } = eraseEvent.parse(event ?? {});
  const context = { ...openContext(`erase/${randomUUID()}`), keys: await openKeys() };
  const how = { isDry: dry_run, isForced: force };
  return eraseRequested(context, openRequests(), erasureRequests, how, () => call.getRemainingTimeInMillis() > leastMs);
}
