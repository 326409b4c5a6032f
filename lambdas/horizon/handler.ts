import { stepHandler } from '../platform/aws/step-handler.ts';
import { horizon } from './horizon.ts';

/** Entry of the function: after how many days without a purchase a customer counts as lost. */
export const handler = stepHandler('horizon', horizon, ({ horizonDays, trainingDue }) => ({
  horizonDays,
  trainingDue,
}));
