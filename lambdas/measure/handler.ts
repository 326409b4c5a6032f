import { stepHandler } from '../platform/aws/step-handler.ts';
import { measure } from './measure.ts';

/** Entry of the function: whether campaigns have worked. */
export const handler = stepHandler('measure', measure, ({ campaigns, judged }) => ({ campaigns, judged }));
