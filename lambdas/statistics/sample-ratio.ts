/** Customers who were drawn with one share, and how many of them came into control. */
export interface Draw {
  readonly customers: number;
  readonly controls: number;
  /** Share that control was drawn with, from 0 to 1. */
  readonly share: number;
}

/** Chances below this, against those of the likeliest count, add nothing to a sum in double precision. */
const negligible = 1e-15;

/** Chances of the counts `from`, `from` + 1, …; all others together are as good as 0. */
interface Counts {
  readonly from: number;
  readonly chances: Float64Array;
}

/** Binomial chances by their ratios, from the likeliest count outwards. */
function binomial(n: number, share: number): Counts {
  if (share <= 0 || n === 0) return { from: 0, chances: Float64Array.of(1) };
  if (share >= 1) return { from: n, chances: Float64Array.of(1) };
  const odds = share / (1 - share);
  const mode = Math.min(n, Math.floor((n + 1) * share));
  const below: number[] = [];
  for (let k = mode, chance = 1; k > 0 && chance > negligible; k--) {
    chance *= k / ((n - k + 1) * odds);
    below.push(chance);
  }
  const above: number[] = [];
  for (let k = mode, chance = 1; k < n && chance > negligible; k++) {
    chance *= ((n - k) / (k + 1)) * odds;
    above.push(chance);
  }
  const relative = [...below.reverse(), 1, ...above];
  const total = relative.reduce((sum, chance) => sum + chance, 0);
  return { from: mode - below.length, chances: Float64Array.from(relative, (chance) => chance / total) };
}

function sumOf(a: Counts, b: Counts): Counts {
  const chances = new Float64Array(a.chances.length + b.chances.length - 1);
  for (let i = 0; i < a.chances.length; i++) {
    for (let j = 0; j < b.chances.length; j++) chances[i + j]! += a.chances[i]! * b.chances[j]!;
  }
  return { from: a.from + b.from, chances };
}

/** Draws with the same share are one. */
function byShare(draws: readonly Draw[]): Map<number, number> {
  const customers = new Map<number, number>();
  for (const draw of [...draws].sort((a, b) => a.share - b.share)) {
    customers.set(draw.share, (customers.get(draw.share) ?? 0) + draw.customers);
  }
  return customers;
}

/**
 * Whether the arms are as large as they were drawn: the chance of a control group at least as far from the expected one
 * on its side, doubled. Exact: the size of control is a sum of binomial counts, one for each share drawn with. A tiny
 * value says that somebody got lost between the draw and the count, and that the arms compare unlike people (Fabijan
 * and others 2019, "Diagnosing sample ratio mismatch in online controlled experiments").
 * @returns null where nobody was drawn
 */
export function sampleRatio(draws: readonly Draw[]): number | null {
  const controls = draws.reduce((sum, draw) => sum + draw.controls, 0);
  if (!draws.some(({ customers }) => customers > 0)) return null;
  const { from, chances } = [...byShare(draws)]
    .map(([share, customers]) => binomial(customers, share))
    .reduce(sumOf, { from: 0, chances: Float64Array.of(1) });
  const tail = (holds: (count: number) => boolean) =>
    chances.reduce((sum, chance, i) => sum + (holds(from + i) ? chance : 0), 0);
  return Math.min(
    1,
    2 *
      Math.min(
        tail((count) => count <= controls),
        tail((count) => count >= controls),
      ),
  );
}

/** Below this the arms are not what was drawn: one fair draw in a thousand. */
export const fairDrawFrom = 0.001;
