import { scoreItemsKey } from '../lake/zones.ts';
import { stepHandler } from '../platform/aws/step-handler.ts';
import { writeJson } from '../platform/json-objects.ts';
import { features } from './features.ts';

/** Entry of the function: what is known of each buyer, and the list of files that scoring will go through. */
export const handler = stepHandler('features', features, async ({ buyers, featureFiles }, { store }, run) => {
  const items = scoreItemsKey(run);
  await writeJson(
    store,
    items,
    featureFiles.map((_, index) => ({ index })),
  );
  return { buyers, files: featureFiles.length, items };
});
