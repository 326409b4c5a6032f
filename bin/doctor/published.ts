import { createHash } from 'node:crypto';
import { tables } from '../../lambdas/lake/contract.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { customerSnapshots } from '../../lambdas/lake/tables/features.ts';
import {
  attemptsPrefix,
  latestManifestKey,
  modelPrefix,
  publishedPrefix,
  reportKey,
} from '../../lambdas/lake/zones.ts';
import { lastCompleteDay } from '../../lambdas/night/claim.ts';
import type { PublishedRun } from '../../lambdas/night/published.ts';
import { rulesModelId } from '../../lambdas/pipeline.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import { readJson } from '../../lambdas/platform/json-objects.ts';
import { catalogKey } from '../../lambdas/platform/local/views.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { readManifest } from '../../lambdas/publish/manifest.ts';
import { plural } from '../../lambdas/wording/counts.ts';
import { withdrawnOf } from '../commands/lists/published.ts';
import { type Found, fail, ok, warn } from './finding.ts';

const runOf = (night: PublishedRun) => ({ asOf: night.as_of, runId: night.run_id });

const goBack = (night: PublishedRun): string =>
  `Restore it from a backup, or go back to an earlier night: winback rollback DATE. The night is that of ${isoDate(night.as_of)}.`;

/** Whether the lists and the report of a night are there, byte for byte as published. */
export async function publishedFiles(store: ObjectStore, night: PublishedRun): Promise<Found> {
  const run = runOf(night);
  const manifest = await readManifest(store, `${publishedPrefix(run)}manifest.json`);
  if (!manifest) return fail(`${publishedPrefix(run)}manifest.json is missing`, goBack(night));
  const latest = await readManifest(store, latestManifestKey);
  if (latest?.run_id !== night.run_id) {
    return fail(
      `${latestManifestKey} is not the manifest of the current night`,
      `Run winback rollback ${isoDate(night.as_of)}.`,
    );
  }
  for (const { key, sha256 } of manifest.files) {
    const found = await store.read(key);
    if (!found) return fail(`${key} is missing`, goBack(night));
    if (createHash('sha256').update(found.body).digest('hex') !== sha256) {
      return fail(`${key} is not what was published`, goBack(night));
    }
  }
  if (!(await store.read(reportKey(run)))) {
    const again = `winback replay ${isoDate(night.as_of)} --report FILE makes one anew.`;
    return warn(`${reportKey(run)} is missing`, again);
  }
  if (withdrawnOf(manifest).length > 0) {
    return warn('somebody was erased since the lists were made', 'Run the night again for lists without them.');
  }
  return ok(`${plural(manifest.files.length, 'file')} of the night of ${isoDate(night.as_of)} as published`);
}

/** Tables that every night leaves; past dates to learn from are computed only when training is due. */
const runTables = tables.filter((table) => table.kind === 'run' && table !== customerSnapshots);

/** Whether every value of a published table can be read: a count alone would be read from the ends of its files. */
async function isWhole(store: ObjectStore, root: string, table: Table): Promise<boolean> {
  // a machine on which the engine does not load is to hear of it from its own check
  const { readOnlyQuery, StatementRefused } = await import('../../lambdas/platform/local/read-only-query.ts');
  try {
    const rows = await readOnlyQuery(store, root, `select bit_xor(hash(t)) from ${table.name} as t`, true);
    try {
      for await (const _ of rows.batches());
    } finally {
      rows.close();
    }
    return true;
  } catch (error) {
    if (error instanceof StatementRefused) return false;
    throw error;
  }
}

/** Whether the tables of a night are registered and can be read to the last row, and its model is there. */
export async function publishedTables(store: ObjectStore, root: string, night: PublishedRun): Promise<Found> {
  for (const table of runTables) {
    const entry = catalogKey(table, runOf(night));
    const partition = await readJson<{ readonly location: string }>(store, entry);
    if (!partition) return fail(`${entry} is missing`, goBack(night));
    const first = await store.list(partition.location)[Symbol.asyncIterator]().next();
    if (first.done) return fail(`${partition.location} holds nothing`, goBack(night));
    if (!(await isWhole(store, root, table))) return fail(`${partition.location} is damaged`, goBack(night));
  }
  const model = `${modelPrefix(night.model_id)}model.json`;
  if (night.model_id !== rulesModelId && !(await store.read(model))) {
    return fail(`${model} is missing`, 'Restore it from a backup; without it the next night trains a new model.');
  }
  return ok(`${plural(runTables.length, 'table')} can be read`);
}

/** Whether the current night is the newest, and of yesterday. */
export function age(nights: readonly PublishedRun[], current: PublishedRun, config: Config, now: Date): Found {
  const date = isoDate(current.as_of);
  const newest = nights.at(-1);
  if (newest && newest.as_of > current.as_of) {
    const later = isoDate(newest.as_of);
    return warn(
      `the current night is ${date}, and one of ${later} is published`,
      `winback rollback ${later} makes it current.`,
    );
  }
  const days = lastCompleteDay(now, config.shop.time_zone) - current.as_of;
  if (days <= 1) return ok(`the current night is ${date}`);
  return warn(
    `the current night is ${date}, ${days} days before the last complete one`,
    'winback run --orders FILE… with a newer export.',
  );
}

/** Bytes that a night has written: its tables and its lists. */
export async function bytesOfNight(store: ObjectStore, night: PublishedRun): Promise<number> {
  const prefixes = [
    publishedPrefix(runOf(night)),
    ...tables.filter((table) => table.kind === 'run').map((table) => attemptsPrefix(table, runOf(night))),
  ];
  let sum = 0;
  for (const prefix of prefixes) for await (const { bytes } of store.list(prefix)) sum += bytes;
  return sum;
}
