import { isoDate } from '../../lambdas/lake/day.ts';
import { runInputs } from '../../lambdas/lake/tables/curated.ts';
import { orderVersions, receipts } from '../../lambdas/lake/tables/ingested.ts';
import {
  ingestKey,
  publishedPrefix,
  type RunName,
  runOfKey,
  tableLocation,
  tablePrefix,
} from '../../lambdas/lake/zones.ts';
import type { PublishedRun } from '../../lambdas/night/published.ts';
import type { Config } from '../../lambdas/platform/config/config.ts';
import { decodeJsonRows } from '../../lambdas/platform/json-objects.ts';
import type { Receipt } from '../../lambdas/platform/live-ingests.ts';
import { leftovers } from '../../lambdas/platform/local/leftovers.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { plural } from '../../lambdas/wording/counts.ts';
import { type Found, fail, ok, warn } from './finding.ts';

/** All receipts, refused files too. */
export async function allReceipts(store: ObjectStore): Promise<Receipt[]> {
  const found: Receipt[] = [];
  for await (const { key } of store.list(tablePrefix(receipts))) {
    const object = await store.read(key);
    if (object) found.push(...decodeJsonRows(receipts, object.body));
  }
  return found;
}

const named = (files: readonly Receipt[]): string => files.map((file) => file.file_name).join(', ');

/** Whether the orders that live ingests have told are still there. */
export async function ingestedOrders(store: ObjectStore, live: readonly Receipt[]): Promise<Found> {
  const keys = new Set<string>();
  for await (const { key } of store.list(tablePrefix(orderVersions))) keys.add(key);
  const lost = live.filter((one) => one.orders_accepted > 0 && !keys.has(ingestKey(orderVersions, one.ingest_id)));
  if (lost.length > 0) {
    return fail(`what ${named(lost)} told is missing from ${tablePrefix(orderVersions)}`, 'Restore it from a backup.');
  }
  return ok(`${plural(live.length, 'export')} taken in`);
}

/** Files that were refused and never taken since, and records that were not taken from those that count. */
export function rejected(all: readonly Receipt[], live: readonly Receipt[], config: Config): Found {
  const taken = new Set(live.map((receipt) => receipt.file_sha256));
  const refused = all.filter((receipt) => receipt.verdict !== 'accepted' && !taken.has(receipt.file_sha256));
  const check = 'winback check FILE shows why.';
  if (refused.length > 0) {
    const files = new Map(refused.map((receipt) => [receipt.file_sha256, receipt]));
    return warn(`${plural(files.size, 'file')} refused: ${named([...files.values()])}`, check);
  }
  const most = config.gates.max_rejected_pct;
  const bad = live.filter(({ rejected, records_read }) => rejected > 0 && (100 * rejected) / records_read > most);
  if (bad.length > 0) return warn(`more than ${most}% of the records rejected in ${named(bad)}`, check);
  const records = live.reduce((sum, receipt) => sum + receipt.rejected, 0);
  return ok(`no file refused, ${plural(records, 'record')} rejected in ${plural(live.length, 'export')}`);
}

/** Runs that have left something and are not on the list of published ones, each once. */
async function unpublishedRuns(store: ObjectStore, nights: readonly PublishedRun[]): Promise<RunName[]> {
  const published = new Set(nights.map((night) => night.run_id));
  const found = new Map<string, RunName>();
  for await (const { key } of store.list(tableLocation(runInputs))) {
    const run = runOfKey(key);
    if (run && !published.has(run.runId)) found.set(run.runId, run);
  }
  return [...found.values()].sort((a, b) => a.asOf - b.asOf);
}

const datesOf = (runs: readonly RunName[]): string => [...new Set(runs.map((run) => isoDate(run.asOf)))].join(', ');

/** Folders with lists that runs have left. */
async function listsOf(store: ObjectStore, runs: readonly RunName[]): Promise<string[]> {
  const folders: string[] = [];
  for (const run of runs) {
    const first = await store.list(publishedPrefix(run))[Symbol.asyncIterator]().next();
    if (!first.done) folders.push(publishedPrefix(run));
  }
  return folders;
}

/** When nights remove what runs have left: `tidy` goes by their date, and spares those that are pinned yet. */
const removedWhen = (last: RunName, keepDays: number): string =>
  `Nights later than ${isoDate(last.asOf + keepDays)} remove them, no sooner than 16 days after they were begun`;

/** What processes have left that died: unfinished objects, and runs that never became visible. */
export async function deadRuns(
  { root, store, config, now }: { root: string; store: ObjectStore; config: Config; now: Date },
  nights: readonly PublishedRun[],
): Promise<Found> {
  const parts = await leftovers(root, now);
  if (parts.length > 0) {
    return warn(
      `${plural(parts.length, 'unfinished object')} of a process that died: ${parts[0]}${parts.length > 1 ? ', …' : ''}`,
      'Delete them: nothing reads them.',
    );
  }
  const runs = await unpublishedRuns(store, nights);
  const lists = await listsOf(store, runs);
  const dates = new Set(nights.map((night) => night.as_of));
  const unseen = runs.filter((run) => !dates.has(run.asOf));
  const current = nights.find((night) => night.is_current);
  const coming = unseen.filter((run) => !current || run.asOf > current.as_of);
  const next = coming.at(-1);
  if (next) {
    return warn(
      `a night was begun and never published: ${datesOf(coming)}`,
      `winback run --as-of ${isoDate(next.asOf)} computes and publishes it, or says what stops it.`,
    );
  }
  const last = runs.at(-1);
  if (last && lists.length > 0) {
    return warn(
      `lists that were never published lie in ${lists.join(', ')}`,
      `Delete them where no winback is running: nothing reads them. ${removedWhen(last, config.night.keep_days)}.`,
    );
  }
  const past = unseen.at(-1);
  if (past) {
    return warn(
      `a run that was never published has left its tables: ${datesOf(unseen)}`,
      `Nothing reads them. ${removedWhen(past, config.night.keep_days)}.`,
    );
  }
  return ok('nothing is left of runs that died');
}
