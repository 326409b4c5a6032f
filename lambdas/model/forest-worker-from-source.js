// Runs forest-worker.ts in a worker thread, where `node --import tsx` has no effect on Node 20.
import { register } from 'tsx/esm/api';

register();
await import('./forest-worker.ts');
