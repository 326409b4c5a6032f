import { z } from 'zod';
import { isoDate, parseIsoDate } from '../lake/day.ts';
import { openContext } from '../platform/aws/runtime.ts';
import { stepHandler } from '../platform/aws/step-handler.ts';
import { commit, rollback } from './commit.ts';

const rollbackEvent = z.object({ roll_back_to: z.iso.date().transform((date) => parseIsoDate(date) ?? Number.NaN) });
const commitNight = stepHandler('commit', commit, ({ published }) => ({ published }));

/**
 * Entry of the function: the one write that makes the night visible, or, for an operator who asks for it, an earlier
 * published night.
 */
export async function handler(event: unknown): Promise<object> {
  const asked = rollbackEvent.safeParse(event);
  if (!asked.success) return commitNight(event);
  const night = await rollback(openContext('rollback').store, asked.data.roll_back_to);
  return { current: isoDate(night.as_of), run_id: night.run_id };
}
