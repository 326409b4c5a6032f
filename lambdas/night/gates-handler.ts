import { stepHandler } from '../platform/aws/step-handler.ts';
import { gates } from './gates.ts';

/** Entry of the function: the quality gates. */
export const handler = stepHandler('gates', gates);
