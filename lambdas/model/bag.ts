import { drawWithReplacement, randomFor } from './random.ts';

/** How the bags of a forest are drawn. The bag of tree t is a function of these and t alone. */
export interface Bagging {
  readonly seed: number;
  /** Draws with replacement into one bag. */
  readonly bagSize: number;
  /** Group of each row (0 … rows − 1), when whole groups are to be drawn; `bagSize` is then met on average. */
  readonly groups?: Int32Array | undefined;
}

const bagStream = 1;

/** Writes into `multiplicity`, one number per row, how often each row is in the bag of tree number `tree`. */
export function drawBag(bagging: Bagging, tree: number, multiplicity: Int32Array): void {
  const random = randomFor(bagging.seed, bagStream, tree);
  const { groups, bagSize } = bagging;
  if (groups === undefined) {
    drawWithReplacement(random, bagSize, multiplicity);
    return;
  }
  const groupCount = groups.reduce((most, group) => Math.max(most, group), -1) + 1;
  const drawn = new Int32Array(groupCount);
  drawWithReplacement(random, Math.max(1, Math.round((bagSize / groups.length) * groupCount)), drawn);
  for (let row = 0; row < groups.length; row++) multiplicity[row] = drawn[groups[row]!]!;
}
