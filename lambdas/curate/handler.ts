import { stepHandler } from '../platform/aws/step-handler.ts';
import { curate } from './curate.ts';

/** Entry of the function: orders, lines and people from the live ingests. */
export const handler = stepHandler('curate', curate, ({ orders, lines, customers }) => ({ orders, lines, customers }));
