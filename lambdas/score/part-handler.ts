import { z } from 'zod';
import { scorePartKey } from '../lake/zones.ts';
import { inputOf, nightEvent, openStep } from '../platform/aws/step-handler.ts';
import { writeJson } from '../platform/json-objects.ts';
import { accounted } from '../platform/run-ledger.ts';
import { scoreFile } from './score.ts';

const partEvent = nightEvent.extend({ index: z.int().min(0) });

/** Entry of the function: scores one file of features and keeps what it counted. */
export async function handler(event: unknown): Promise<object> {
  const { run, index } = partEvent.parse(event);
  const context = openStep(run, `score-${index}`);
  const score = async () => {
    const counted = await scoreFile(context, await inputOf(context.store, 'score', run), index);
    await writeJson(context.store, scorePartKey(run, index), counted);
    return counted;
  };
  const counted = await accounted(context, { run, step: 'score', part: index }, score, ({ scored }) => ({
    rows: scored,
  }));
  return { scored: counted.scored };
}
