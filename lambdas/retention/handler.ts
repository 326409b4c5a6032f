import { stepHandler } from '../platform/aws/step-handler.ts';
import { retention } from './retention.ts';

/** Entry of the function: customer retention by period and cohort. */
export const handler = stepHandler('retention', retention);
