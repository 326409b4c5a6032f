import { isoDate, parseIsoDate } from './day.ts';
import type { Table } from './table.ts';
import { erasures } from './tables/erasures.ts';
import { receipts } from './tables/ingested.ts';
import { runLedger } from './tables/runs.ts';

/** One attempt at one night: what names everything that it writes. */
export interface Run {
  /** Last complete day of the shop, as days since 1970-01-01. */
  readonly asOf: number;
  /** Hash of as_of, pinned inputs, configuration and code version: the same night computed twice has one id. */
  readonly runId: string;
  /** Number of the attempt at this run, from 1. */
  readonly attempt: number;
}

const zoneOf = (table: Table, zone: string): string => (table.personal ? `personal/${zone}` : zone);

const extension = (table: Table): string => (table.format === 'parquet' ? 'parquet' : 'json');

/** Where the objects of an ingested or append table lie, whatever ingest or run wrote them. */
export const tablePrefix = (table: Table): string =>
  `${zoneOf(table, table.kind === 'append' ? 'ledger' : 'ingested')}/${table.name}/`;

/** The one object that an ingest writes to a table. */
export const ingestKey = (table: Table, ingestId: string): string =>
  `${tablePrefix(table)}${ingestId}.${extension(table)}`;

/** The prefix under which all objects of a table lie, whoever wrote them: what a catalog calls its location. */
export function tableLocation(table: Table): string {
  if (table.kind === 'pointer') return publishedRunsKey.slice(0, publishedRunsKey.lastIndexOf('/') + 1);
  return table.kind === 'run' ? `${zoneOf(table, 'runs')}/${table.name}/` : tablePrefix(table);
}

/** A run, whichever attempt at it. */
export type RunName = Pick<Run, 'asOf' | 'runId'>;

const nameOf = ({ asOf, runId }: RunName): string => `as_of=${isoDate(asOf)}/run_id=${runId}`;

/** Where all attempts at a run lay their rows of a run table. */
export const attemptsPrefix = (table: Table, run: RunName): string => `${tableLocation(table)}${nameOf(run)}/`;

/** Where a run's partition of a run table lies; each attempt has its own folder, never written twice. */
export const runPrefix = (table: Table, run: Run): string => `${attemptsPrefix(table, run)}${run.attempt}/`;

/** The run whose attempt laid an object below a run table, or null for any other key. */
export function runOfKey(key: string): RunName | null {
  const [, date = '', runId = ''] = /\/as_of=(\d{4}-\d\d-\d\d)\/run_id=([^/]+)\//.exec(key) ?? [];
  const asOf = parseIsoDate(date);
  return asOf === null ? null : { asOf, runId };
}

/** The prefix under which the receipts of one file lie: one for each way in which it was read. */
export const receiptPrefix = (fileSha256: string): string => `${tablePrefix(receipts)}${fileSha256}-`;

export const receiptKey = (receipt: { readonly file_sha256: string; readonly ingest_id: string }): string =>
  `${receiptPrefix(receipt.file_sha256)}${receipt.ingest_id}.json`;

/** The keys of one erased person. */
export const erasureKey = (erasureId: string): string => `${tablePrefix(erasures)}${erasureId}.json`;

/** How far taking erased people out of the lake has come, or trying to, where it takes several calls. */
export const sweepMarkKey = (isDry: boolean): string => `ledger/sweeps/${isDry ? 'tried' : 'erased'}.json`;

/** What became of delivered objects, one mark for each version of each; delivering anew makes another version. */
export const landedPrefix = 'ledger/landed/';

/** @param version names the landing key and the version of its object, as a hash in hex */
export const landedKey = (version: string): string => `${landedPrefix}${version}.json`;

/** The object that a step's result is kept in, so that a second try of the run does not compute it again. */
export const stepResultKey = (run: RunName, step: string): string => `${stepsPrefix(run)}${step}.json`;

/** Where what the steps of a run have left is kept. */
export const stepsPrefix = (run: RunName): string => `runs/steps/${nameOf(run)}/`;

const attemptStepPrefix = (run: Run): string => `${stepsPrefix(run)}${run.attempt}/`;

/** What the map over feature files goes through: a JSON array of `{ index }`, one for each file. */
export const scoreItemsKey = (run: Run): string => `${attemptStepPrefix(run)}score-items.json`;

/** What scoring one feature file has counted; of the attempt, because the scored rows lie in its folder. */
export const scorePartKey = (run: Run, index: number): string =>
  `${attemptStepPrefix(run)}score-${String(index).padStart(5, '0')}.json`;

/** Attempts at a night are numbered by objects that can be written once. */
export const claimKey = (run: Run): string => `runs/claims/${nameOf(run)}/${run.attempt}.json`;

/** What the attempts at a run were told. */
export const nightsPrefix = (run: RunName): string => `runs/nights/${nameOf(run)}/`;

/** What a claimed night is told, kept for the functions of its steps. */
export const nightKey = (run: Run): string => `${nightsPrefix(run)}${run.attempt}.json`;

/** Runs that somebody has lately begun, by the day on which they did: neither they nor what they build on may go. */
export const pinsPrefix = 'runs/pins/';

/** @param day YYYY-MM-DD */
export const pinKey = (day: string, runId: string): string => `${pinsPrefix}${day}/${runId}.json`;

/** Where it is noted which runs of a date are being removed, or have been. */
export const removalsPrefix = (asOf: number): string => `runs/removed/as_of=${isoDate(asOf)}/`;

export const removalKey = (run: RunName): string => `${removalsPrefix(run.asOf)}run_id=${run.runId}.json`;

/** Ledger entries of one step of one attempt. */
export const ledgerKey = (run: Run, step: string): string =>
  `${tablePrefix(runLedger)}${isoDate(run.asOf)}-${run.runId}-${run.attempt}-${step}.json`;

export const publishedRunsKey = 'runs/published_runs/published_runs.json';
export const modelPrefix = (modelId: string): string => `models/${modelId}/`;
export const publishedZone = 'published/';
export const publishedPrefix = (run: RunName): string => `${publishedZone}${isoDate(run.asOf)}/${run.runId}/`;
export const reportKey = (run: RunName): string => `${publishedPrefix(run)}report.html`;
export const latestManifestKey = `${publishedZone}latest.json`;

/** Whether a key is of an object with contact data: on AWS those lie in a bucket of their own. */
export const isPersonal = (key: string): boolean => key.startsWith('personal/') || key.startsWith(publishedZone);
