import { parentPort, workerData } from 'node:worker_threads';
import { type GrowthTask, growWhatIsLeft } from './grow-tree.ts';

/** What a growing thread is started with: the arguments of `growWhatIsLeft`. */
export interface GrowthAssignment {
  readonly task: GrowthTask;
  readonly trees: number;
  readonly nextTree: Int32Array;
}

/** Entry of a growing thread. It posts the trees that it grew, once, when none are left. */
function main({ task, trees, nextTree }: GrowthAssignment): void {
  parentPort?.postMessage(growWhatIsLeft(task, trees, nextTree));
}

main(workerData);
