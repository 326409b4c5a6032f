import { stepHandler } from '../platform/aws/step-handler.ts';
import { report } from './report.ts';

/** Entry of the function: the report of the night. */
export const handler = stepHandler('report', report, ({ reportKey }) => ({ reportKey }));
