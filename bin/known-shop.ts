import { defaultSource } from '../lambdas/platform/config/config.ts';
import { UsageError } from '../lambdas/platform/errors.ts';
import { liveIngests } from '../lambdas/platform/live-ingests.ts';
import type { LocalObjects } from './local-lake.ts';

/**
 * Makes sure that settings fit the shop that a lake holds. Its name is part of every order's and customer's identity:
 * under another one, the same file would be other orders of strangers.
 * @throws UsageError where the settings name no shop and the lake holds one that has a name
 */
export async function checkShop({
  store,
  config,
  root,
}: Pick<LocalObjects, 'store' | 'config' | 'root'>): Promise<void> {
  if (config.shop.source !== defaultSource) return;
  const known = new Set((await liveIngests(store)).map((receipt) => receipt.source));
  if (known.size === 0 || known.has(defaultSource)) return;
  throw new UsageError(
    `the lake ${root} holds the shop ${[...known].sort().join(', ')}, and the settings name none`,
    'Give the settings that it was filled with: --config FILE.',
  );
}
