import { stepHandler } from '../platform/aws/step-handler.ts';
import { gates } from './gates.ts';

/** Entry of the function: the quality gates. Those that warn are logged, for an alarm. */
export const handler = stepHandler('gates', gates, ({ gates: verdicts }, { log }) => {
  const warned = verdicts.filter(({ verdict }) => verdict === 'warned').map(({ gate }) => gate);
  for (const gate of warned) log('gate_warned', { gate });
  return { warned };
});
