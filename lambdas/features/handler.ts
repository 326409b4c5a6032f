import { stepHandler } from '../platform/aws/step-handler.ts';
import { features } from './features.ts';

/** Entry of the function: what is known of each buyer. */
export const handler = stepHandler('features', features, ({ buyers, featureFiles }) => ({
  buyers,
  files: featureFiles.length,
}));
