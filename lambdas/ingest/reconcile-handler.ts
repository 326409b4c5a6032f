import { landedKey, landedPrefix } from '../lake/zones.ts';
import type { LandedObject, Landing } from '../platform/aws/landing.ts';
import { openContext, openLanding } from '../platform/aws/runtime.ts';
import type { Context } from '../platform/context.ts';

/** More than this wait for the next night: keys have up to 1,024 bytes, and what a state is told at most 256 KB. */
export const mostInOneNight = 200;

/** What a night is to take in itself. */
export interface Reconciled {
  readonly missing: readonly { readonly key: string }[];
}

/** Requests to erase people that have waited for longer are logged, for an alarm. */
const longestWaitMs = 24 * 3_600_000;

const newestFirst = (a: LandedObject, b: LandedObject): number =>
  b.deliveredAt.getTime() - a.deliveredAt.getTime() || (a.key < b.key ? -1 : 1);

/**
 * Delivered exports of which nothing has become, because their event was lost or kept failing. The newest come first, so
 * that old ones that fail every night do not keep last night's export out. Those left for later are logged, for an alarm, and
 * so are requests to erase people that nobody has carried out.
 */
export async function reconcile(
  { store, log, clock }: Pick<Context, 'store' | 'log' | 'clock'>,
  landing: Landing,
): Promise<Reconciled> {
  const marks = new Set<string>();
  for await (const { key } of store.list(landedPrefix)) marks.add(key);
  const missing: LandedObject[] = [];
  for await (const object of landing.list()) if (!marks.has(landedKey(object.version))) missing.push(object);
  log('reconciled', { landed_without_receipt: missing.length });
  if (missing.length > mostInOneNight) log('deliveries_left', { left: missing.length - mostInOneNight });
  let waiting = 0;
  for await (const { deliveredAt } of landing.requests()) {
    if (clock().getTime() - deliveredAt.getTime() > longestWaitMs) waiting++;
  }
  if (waiting > 0) log('erasures_waiting', { waiting });
  const taken = missing.sort(newestFirst).slice(0, mostInOneNight);
  return { missing: taken.map(({ key }) => ({ key })) };
}

/** Entry of the function that the night begins with. */
export const handler = (): Promise<Reconciled> => reconcile(openContext('reconcile'), openLanding());
