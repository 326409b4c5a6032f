import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { CheckReport } from '../../lambdas/ingest/check.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';

/** What a user expects of one file; what is left out is not looked at. */
export interface Expected {
  readonly refused?: string;
  /** A text that the refusal has to contain. */
  readonly says?: string;
  /** Texts that it may not contain. */
  readonly hides?: readonly string[];
  readonly seen?: object;
  readonly counts?: Partial<CheckReport['counts']>;
  readonly orders?: readonly object[];
  readonly people?: readonly object[];
  readonly rejects?: readonly object[];
  readonly warnings?: readonly object[];
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** A golden folder: `export.*`, `expected.json` and, where the file needs settings, `config.json`. */
export function goldenCase(folder: string) {
  const name = readdirSync(folder).find((file) => file.startsWith('export.'))!;
  const hasSettings = existsSync(`${folder}config.json`);
  return {
    name,
    content: readFileSync(folder + name),
    expected: readJson(`${folder}expected.json`) as Expected,
    hasSettings,
    config: parseConfig(hasSettings ? readJson(`${folder}config.json`) : {}, 'config.json'),
  };
}

export function expectReport(report: CheckReport, expected: Expected): void {
  expect(report.refusal?.code).toBe(expected.refused);
  if (expected.says) expect(report.refusal?.message).toContain(expected.says);
  for (const text of expected.hides ?? []) expect(JSON.stringify(report.refusal)).not.toContain(text);
  if (expected.seen) expect(report.seen).toMatchObject(expected.seen);
  if (expected.counts) expect(report.counts).toMatchObject(expected.counts);
  if (expected.orders) expect([...report.orders()]).toMatchObject(expected.orders);
  if (expected.people) expect([...report.people()]).toMatchObject(expected.people);
  if (expected.rejects) expect([...report.rejects()]).toMatchObject(expected.rejects);
  if (expected.warnings) expect(report.warnings).toMatchObject(expected.warnings);
}
