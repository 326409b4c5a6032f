import { stepHandler } from '../platform/aws/step-handler.ts';
import { commit } from './commit.ts';

/** Entry of the function: the one write that makes the night visible. */
export const handler = stepHandler('commit', commit, ({ published }) => ({ published }));
