import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { parseIsoDate } from '../lake/day.ts';
import { nightKey } from '../lake/zones.ts';
import { openContext } from '../platform/aws/runtime.ts';
import { writeJson } from '../platform/json-objects.ts';
import { claim, lastCompleteDay } from './claim.ts';

/** When the schedule was due, or the date that somebody asks for. */
const claimEvent = z.union([
  z.object({ as_of: z.iso.date() }),
  z.object({ scheduled_time: z.iso.datetime({ offset: true }) }),
]);

/** Entry of the function: claims the night of a date and keeps what its steps are told. */
export async function handler(event: unknown): Promise<object> {
  const asked = claimEvent.parse(event);
  const context = openContext(`claim/${randomUUID()}`);
  const { time_zone } = context.config.shop;
  const asOf =
    'as_of' in asked ? parseIsoDate(asked.as_of) : lastCompleteDay(new Date(asked.scheduled_time), time_zone);
  const night = await claim(context, asOf);
  await writeJson(context.store, nightKey(night.run), night);
  return { run: night.run };
}
