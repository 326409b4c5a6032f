import { landedKey, landedPrefix } from '../lake/zones.ts';
import { openContext, openLanding } from '../platform/aws/runtime.ts';

/** More than this wait for the next night: keys have up to 1,024 bytes, and what a state is told at most 256 KB. */
const mostInOneNight = 200;

/** Entry of the function: delivered exports of which nothing has become, because their event was lost or kept failing. */
export async function handler(): Promise<{ readonly missing: readonly { readonly key: string }[] }> {
  const { store, log } = openContext('reconcile');
  const marks = new Set<string>();
  for await (const { key } of store.list(landedPrefix)) marks.add(key);
  const missing: { key: string }[] = [];
  for await (const { key, version } of openLanding().list()) {
    if (!marks.has(landedKey(version))) missing.push({ key });
  }
  log('reconciled', { landed_without_receipt: missing.length });
  return { missing: missing.slice(0, mostInOneNight) };
}
