import { stepHandler } from '../platform/aws/step-handler.ts';
import { tidy } from './tidy.ts';

/** Entry of the function: removes what is kept no longer. */
export const handler = stepHandler('tidy', tidy, (removed) => removed);
