import { noCurrency } from '../../../lambdas/lake/currency.ts';
import type { Manifest, ManifestList } from '../../../lambdas/publish/manifest.ts';
import { counted } from '../../../lambdas/wording/counts.ts';

/** "no_consent 12, suppressed 3": most first. */
export const reasonsText = (reasons: Readonly<Record<string, number | undefined>>): string =>
  Object.entries(reasons)
    .map(([reason, customers]): [string, number] => [reason, customers ?? 0])
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([reason, customers]) => `${reason} ${counted(customers)}`)
    .join(', ');

export const sumOf = (reasons: Readonly<Record<string, number | undefined>>): number =>
  Object.values(reasons).reduce<number>((sum, customers) => sum + (customers ?? 0), 0);

const points = (value: number): string => `${value.toFixed(1)} points`;

/** What a campaign of this size can show of its effect, as a sentence. */
export function powerText(list: ManifestList): string {
  const { smallest_lift_points: smallest, expected_lift_points: expected, customers_needed: needed } = list;
  const size = `${counted(list.rows)} on the list and ${counted(list.control)} in control`;
  const can =
    smallest === null ? `${size} cannot show any lift` : `${size} can show a lift of ${points(smallest)} or more`;
  if (smallest !== null && smallest <= expected) return `${can}; ${points(expected)} are expected.`;
  const takes = needed === null ? '' : `; to show the ${points(expected)} expected takes ${counted(needed)} customers`;
  return `${can}${takes}.`;
}

/** "12.50 EUR"; a currency that nobody stated is not shown. */
export const money = (amount: string | null, { currency }: Manifest): string =>
  amount === null ? 'unknown' : currency === noCurrency ? amount : `${amount} ${currency}`;
