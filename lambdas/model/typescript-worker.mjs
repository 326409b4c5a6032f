// Entry of a worker thread when the pipeline runs from its TypeScript sources: worker threads do not inherit the loader.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.entry);
