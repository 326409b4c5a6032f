import type { Command } from '../command.ts';

/** Loads one command with what it needs and no more: `lists` starts without the query engine. */
const loaders: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run,
  demo: async () => (await import('./demo.ts')).demo,
  ingest: async () => (await import('./ingest.ts')).ingest,
  suppress: async () => (await import('./suppress.ts')).suppress,
  check: async () => (await import('./check.ts')).check,
  lists: async () => (await import('./lists.ts')).lists,
  report: async () => (await import('./report.ts')).report,
  sql: async () => (await import('./sql.ts')).sql,
  backtest: async () => (await import('./backtest.ts')).backtest,
  explain: async () => (await import('./explain.ts')).explain,
  erase: async () => (await import('./erase.ts')).erase,
  doctor: async () => (await import('./doctor.ts')).doctor,
  replay: async () => (await import('./replay.ts')).replay,
  rollback: async () => (await import('./rollback.ts')).rollback,
};

export const commandNames: readonly string[] = Object.keys(loaders);

/** The command of a name, or null where there is none. */
export const loadCommand = async (name: string): Promise<Command | null> =>
  Object.hasOwn(loaders, name) ? ((await loaders[name]?.()) ?? null) : null;

/** All commands, for the help. */
export const loadCommands = (): Promise<Command[]> => Promise.all(Object.values(loaders).map((load) => load()));
