import { expect, test } from 'vitest';
import { logWarned } from '../../../lambdas/platform/aws/step-handler.ts';
import { jsonLog } from '../../../lambdas/platform/log.ts';

test('gates that warned are logged one by one, under the event that the alarm counts, and no others', () => {
  const lines: unknown[] = [];
  const log = jsonLog(
    (line) => lines.push(JSON.parse(line)),
    () => new Date('2026-01-01T00:00:00Z'),
  );
  const gates = [
    { gate: 'drift', verdict: 'warned', message: 'moved' },
    { gate: 'orders', verdict: 'passed', message: 'as always' },
    { gate: 'matured', verdict: 'warned', message: 'worse' },
  ] as const;
  expect(logWarned(gates, { log })).toEqual(['drift', 'matured']);
  expect(lines).toMatchObject([
    { event: 'gate_warned', gate: 'drift' },
    { event: 'gate_warned', gate: 'matured' },
  ]);
});
