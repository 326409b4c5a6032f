import { z } from 'zod';
import { isoDate } from '../lake/day.ts';
import { openContext } from '../platform/aws/runtime.ts';
import { lastCompleteDay } from './claim.ts';
import { publishedNights } from './published.ts';

const watchEvent = z.object({ scheduled_time: z.iso.datetime({ offset: true }) });

/** Entry of the function: looks whether the lists that are due by now are published, and says how old they are. */
export async function handler(event: unknown): Promise<object> {
  const { scheduled_time } = watchEvent.parse(event);
  const { store, config, log } = openContext('watch');
  const due = lastCompleteDay(new Date(scheduled_time), config.shop.time_zone);
  const { nights } = await publishedNights(store);
  const current = nights.find((night) => night.is_current);
  const daysLate = current ? Math.max(0, due - current.as_of) : null;
  const watched = { due: isoDate(due), current: current ? isoDate(current.as_of) : null, days_late: daysLate };
  log(daysLate === 0 ? 'night_published' : 'night_overdue', watched);
  return watched;
}
