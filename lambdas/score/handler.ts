import { scorePartKey } from '../lake/zones.ts';
import type { StepOutputs } from '../pipeline.ts';
import { kept, stepHandler } from '../platform/aws/step-handler.ts';
import { finishScore } from './score.ts';

/** Entry of the function: counts what the parts have scored, none of them missing, and registers it. */
export const handler = stepHandler(
  'score',
  async (context, input) => {
    const indexes = [...input.features.featureFiles.keys()];
    const keys = indexes.map((index) => scorePartKey(input.night.run, index));
    return finishScore(
      context,
      input,
      await Promise.all(keys.map((key) => kept<StepOutputs['score']>(context.store, key))),
    );
  },
  ({ scored, high }) => ({ scored, high }),
);
