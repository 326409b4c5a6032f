import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { openContext, openKeys, openRequests } from '../platform/aws/runtime.ts';
import { eraseRequested, type Requested } from './erase-requested.ts';

const eraseEvent = z.strictObject({ dry_run: z.boolean().default(false), force: z.boolean().default(false) });

/** Entry of the function: erases whom the files under `_erasures/` of the landing bucket name. Events name nobody. */
export async function handler(event: unknown): Promise<Requested> {
  const { dry_run, force } = eraseEvent.parse(event ?? {});
  const context = { ...openContext(`erase/${randomUUID()}`), keys: await openKeys() };
  return eraseRequested(context, openRequests(), '_erasures/', { isDry: dry_run, isForced: force });
}
