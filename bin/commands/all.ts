import type { Command } from '../command.ts';
import { check } from './check.ts';
import { demo } from './demo.ts';
import { explain } from './explain.ts';
import { ingest } from './ingest.ts';
import { lists } from './lists.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';

export const commands: readonly Command[] = [run, demo, ingest, check, lists, explain, rollback];
