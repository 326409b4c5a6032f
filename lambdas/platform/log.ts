/** Takes structured events. Values are counts, dates and pseudonymous keys; never contact data. */
export type Log = (event: string, fields?: Readonly<Record<string, string | number | boolean | null>>) => void;

/** One JSON object per line, as CloudWatch and jq read them. */
export const jsonLog =
  (write: (line: string) => void, clock: () => Date): Log =>
  (event, fields = {}) =>
    write(`${JSON.stringify({ at: clock().toISOString(), event, ...fields })}\n`);

export const silentLog: Log = () => undefined;
