import { stepHandler } from '../platform/aws/step-handler.ts';
import { publish } from './publish.ts';

/** Entry of the function: segments, campaigns and their lists. */
export const handler = stepHandler('publish', publish, ({ manifestKey, lists, control }) => ({
  manifestKey,
  lists,
  control,
}));
