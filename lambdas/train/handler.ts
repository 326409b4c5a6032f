import { logWarned, stepHandler } from '../platform/aws/step-handler.ts';
import { train } from './train.ts';

/**
 * Entry of the function: the model in force, trained anew when due. What its watch over drift and matured predictions
 * warns of is logged, for an alarm.
 */
export const handler = stepHandler('train', train, ({ basis, verdict, reason, gates }, context) => ({
  basis,
  verdict,
  reason,
  warned: logWarned(gates, context),
}));
