import { z } from 'zod';
import { landedKind } from '../lake/file-kinds.ts';
import { openContext, openKeys, openLanding } from '../platform/aws/runtime.ts';
import { takeLanded } from './take-landed.ts';

const messages = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
/** What S3 tells a queue; its test message has no records. */
const notification = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })).default([]),
});
const direct = z.object({ key: z.string().min(1) });

/** Keys come from S3 as in a form: blanks as `+`, the rest percent-encoded. */
const keysIn = (body: string): string[] =>
  notification.parse(JSON.parse(body)).Records.map(({ s3 }) => decodeURIComponent(s3.object.key.replaceAll('+', ' ')));

async function take(key: string): Promise<{ verdict: string }> {
  if (landedKind(key) === null) return { verdict: 'ignored' };
  const ports = { ...openContext(`ingest/${key}`), keys: await openKeys() };
  const landing = openLanding();
  const file = await landing.file(key);
  const { verdict } = await takeLanded(ports, file, () => landing.settle(file));
  return { verdict };
}

/**
 * Entry of the function: takes delivered exports into the lake, as messages of the queue or one by its key. Messages that
 * failed go back to the queue; a file that is refused has not failed, it has its receipt.
 */
export async function handler(event: unknown): Promise<object> {
  const one = direct.safeParse(event);
  if (one.success) return take(one.data.key);
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of messages.parse(event).Records) {
    try {
      for (const key of keysIn(body)) await take(key);
    } catch (error) {
      openContext('ingest').log('ingest_failed', { error: error instanceof Error ? error.name : 'unknown' });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
