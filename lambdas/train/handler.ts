import { stepHandler } from '../platform/aws/step-handler.ts';
import { train } from './train.ts';

/** Entry of the function: the model in force, trained anew when due. */
export const handler = stepHandler('train', train, ({ basis, verdict, reason }) => ({ basis, verdict, reason }));
