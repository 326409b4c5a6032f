import { logWarned, stepHandler } from '../platform/aws/step-handler.ts';
import { gates } from './gates.ts';

/** Entry of the function: the quality gates. Those that warn are logged, for an alarm. */
export const handler = stepHandler('gates', gates, (output, context) => ({ warned: logWarned(output.gates, context) }));
