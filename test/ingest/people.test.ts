import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IngestPorts, ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import type { Receipt } from '../../lambdas/ingest/write/receipt.ts';
import { type FileKind, landedKind } from '../../lambdas/lake/file-kinds.ts';
import type { Table } from '../../lambdas/lake/table.ts';
import { rejectedRows } from '../../lambdas/lake/tables/ingested.ts';
import { suppressions, surveyResponses } from '../../lambdas/lake/tables/surveys.ts';
import { ingestKey, receiptKey } from '../../lambdas/lake/zones.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import { recordErasure } from '../../lambdas/platform/erasures.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { liveIngests } from '../../lambdas/platform/live-ingests.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { readArrow } from '../../lambdas/platform/parquet.ts';
import { memoryFile } from './memory-file.ts';

let root: string;
let logged: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winback-people-'));
  logged = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const keys = identityKeys('a secret for tests');
const anna = keys.pseudonym('email', 'anna@shop.example.org');
const bela = keys.pseudonym('email', 'bela@shop.example.org');

const portsFor = (settings: unknown, now: string): IngestPorts => ({
  store: fileStore(root),
  config: parseConfig(settings, 'test settings'),
  keys,
  clock: () => new Date(now),
  log: (event, facts) => logged.push(JSON.stringify([event, facts])),
  progress: () => undefined,
});

interface Given {
  readonly name?: string;
  readonly at?: string;
  readonly settings?: unknown;
}

function take(
  kind: FileKind,
  text: string,
  { name = 'people.csv', at = '2024-06-30T12:00:00.000Z', settings }: Given = {},
) {
  const file = memoryFile(name, text, { deliveredAt: at });
  return ingestFile(portsFor(settings ?? {}, at), { file, kind, limits: localLimits });
}

async function rowsOf(table: Table, { ingest_id }: Pick<Receipt, 'ingest_id'>): Promise<Record<string, unknown>[]> {
  const found = await fileStore(root).read(ingestKey(table, ingest_id));
  if (!found) throw new Error(`no ${table.name}`);
  const arrow = readArrow(found.body);
  return Array.from({ length: arrow.numRows }, (_, i) =>
    Object.fromEntries(Object.keys(table.columns).map((name) => [name, arrow.getChild(name)?.get(i)])),
  );
}

async function everyObject(): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bodies = paths.map(async (path): Promise<[string, string]> => {
    return [path.slice(root.length + 1), (await readFile(path)).toString('latin1')];
  });
  return new Map((await Promise.all(bodies)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const seconds = (text: string): bigint => BigInt(Date.parse(text) / 1000);

const survey = [
  'email,phone,customer id,answered at,nps,csat,theme,comment',
  'anna@shop.example.org,,17,2024-05-01T23:30:00Z,9,4,Delivery,my name is Anna Secret',
  ',+36 30 123 4567,,2024-05-02T10:00:00Z,,2,,call me',
  'bela@shop.example.org,,,2024-05-02T10:00:00Z,12,,Price,rude',
].join('\n');

describe('answers of a survey', () => {
  test('become one row per question, under pseudonyms, on the day of the shop', async () => {
    const settings = { shop: { source: 'demo', time_zone: 'Europe/Budapest' } };
    const receipt = await take('surveys', survey, { settings });
    expect(receipt).toMatchObject({
      kind: 'surveys',
      layout: 'survey',
      verdict: 'accepted',
      records_read: 3,
      orders_accepted: 0,
      people_accepted: 2,
      rejected: 1,
      first_order_date: null,
      last_order_date: null,
      totals: '{}',
    });
    const common = {
      ingest_id: receipt.ingest_id,
      record_no: 1n,
      email_key: anna,
      platform_key: keys.pseudonym('customer', 'demo:17'),
      phone_key: null,
      answered_at: Date.parse('2024-05-01T23:30:00Z'),
      answered_on: Date.parse('2024-05-02T00:00:00Z'),
      theme: 'Delivery',
    };
    expect(await rowsOf(surveyResponses, receipt)).toEqual([
      { ...common, question: 'csat', score: 4 },
      { ...common, question: 'nps', score: 9 },
      expect.objectContaining({ record_no: 2n, phone_key: keys.pseudonym('phone', '36301234567'), score: 2 }),
    ]);
    expect(await rowsOf(rejectedRows, receipt)).toEqual([
      expect.objectContaining({ record_no: 3n, reason: 'score_out_of_range', column_name: 'nps' }),
    ]);
  });

  test('asked for again, under whatever name, change nothing but the time they were asked for', async () => {
    const first = await take('surveys', survey);
    const before = await everyObject();
    const again = await take('surveys', survey, { name: 'other-2024-01-01.csv', at: '2024-08-01T00:00:00.000Z' });
    const after = await everyObject();
    expect(again).toEqual({ ...first, ingested_at: '2024-08-01T00:00:00.000Z' });
    before.delete(receiptKey(first));
    after.delete(receiptKey(first));
    expect(after).toEqual(before);
  });

  test('of people who were erased are nobody’s', async () => {
    await recordErasure(fileStore(root), [anna]);
    const rows = await rowsOf(surveyResponses, await take('surveys', survey));
    expect(rows.filter(({ record_no }) => record_no === 1n)).toMatchObject([
      { email_key: null, platform_key: null, score: 4 },
      { email_key: null, platform_key: null, score: 9 },
    ]);
  });

  test('the question in the settings makes another ingest of surveys, and leaves those of orders alone', async () => {
    const scores = 'email,date,score\nanna@shop.example.org,2024-05-01,4\n';
    const orders = 'order_id,email,order_ts,total\n1,anna@shop.example.org,2024-05-01,4.00\n';
    const asked = (question: string) => ({ settings: { ingest: { survey: { question } } } });
    const nps = await take('surveys', scores, asked('nps'));
    const csat = await take('surveys', scores, asked('csat'));
    expect(csat.ingest_id).not.toBe(nps.ingest_id);
    expect(await rowsOf(surveyResponses, csat)).toMatchObject([{ question: 'csat', score: 4 }]);
    const first = await take('orders', orders, asked('nps'));
    expect((await take('orders', orders, asked('csat'))).ingest_id).toBe(first.ingest_id);
  });
});

describe('suppressions', () => {
  test('are as old as their record says, else as their file says, and never newer than its delivery', async () => {
    const list =
      'email,unsubscribed at,reason\nanna@shop.example.org,2024-05-01T10:00:00Z,spam\nbela@shop.example.org,,\n';
    const toldAt = async (given: Given) =>
      (await rowsOf(suppressions, await take('suppressions', list, given))).map((row) => row.told_epoch_s);
    const dated = seconds('2024-05-01T10:00:00Z');
    expect(await toldAt({})).toEqual([dated, seconds('2024-06-30T12:00:00Z')]);
    await rm(root, { recursive: true });
    expect(await toldAt({ name: 'unsubscribed-2024-06-02.csv' })).toEqual([dated, seconds('2024-06-02T23:59:59Z')]);
    await rm(root, { recursive: true });
    expect(await toldAt({ name: 'unsubscribed-2024-06-30.csv' })).toEqual([dated, seconds('2024-06-30T12:00:00Z')]);
  });

  test('hold pseudonyms, a reason of few, and whether they are lifted', async () => {
    const list = 'email,reason\nanna@shop.example.org,Marked as spam by Anna\nbela@shop.example.org,HARD_BOUNCE\n';
    expect(await rowsOf(suppressions, await take('suppressions', list))).toMatchObject([
      { email_key: anna, phone_key: null, platform_key: null, reason: 'complained', is_lifted: false },
      { email_key: bela, reason: 'bounced', is_lifted: false },
    ]);
    expect(await rowsOf(suppressions, await take('lifts', list))).toMatchObject([
      { email_key: anna, reason: 'other', is_lifted: true },
      { email_key: bela, is_lifted: true },
    ]);
  });

  test('given twice are one; lifted in between they are told anew', async () => {
    const list = 'email\nanna@shop.example.org\n';
    const other = 'email\nanna@shop.example.org\nbela@shop.example.org\n';
    const first = await take('suppressions', list, { at: '2024-06-01T00:00:00.000Z' });
    const again = await take('suppressions', list, { at: '2024-06-02T00:00:00.000Z' });
    expect(again.ingest_id).toBe(first.ingest_id);
    await take('lifts', other, { at: '2024-06-03T00:00:00.000Z' });
    const anew = await take('suppressions', list, { at: '2024-06-04T00:00:00.000Z' });
    expect(anew.ingest_id).not.toBe(first.ingest_id);
    expect(await rowsOf(suppressions, anew)).toMatchObject([{ told_epoch_s: seconds('2024-06-04T00:00:00Z') }]);
    const retried = await take('suppressions', list, { at: '2024-06-05T00:00:00.000Z' });
    expect(retried.ingest_id).toBe(anew.ingest_id);
    const live = await liveIngests(fileStore(root));
    expect(live.map(({ kind, ingest_id }) => [kind, ingest_id === anew.ingest_id])).toEqual([
      ['lifts', false],
      ['suppressions', true],
    ]);
  });

  test('keep the keys of erased people, who stay suppressed', async () => {
    await recordErasure(fileStore(root), [anna]);
    const receipt = await take('suppressions', 'email\nanna@shop.example.org\n');
    expect(await rowsOf(suppressions, receipt)).toMatchObject([{ email_key: anna }]);
  });
});

test('nothing personal is kept or logged, whatever the file holds and whatever becomes of it', async () => {
  const hostile = [
    'email,phone,date,nps,theme,reason',
    '"anna@shop.example.org",+36301234567,2024-05-01,9,ask anna@shop.example.org,secret Anna',
    '=HYPERLINK("http://anna.example.org"),,2024-05-01,9,,',
    'anna@shop.example.org,+36301234567,2024-05-99,9,,',
    '"anna@shop.example.org,+36301234567,2024-05-01,9,,',
  ].join('\n');
  for (const kind of ['surveys', 'suppressions', 'lifts', 'orders'] as const) {
    await take(kind, hostile);
    await take(kind, hostile.replace(/^.*\n/, ''));
  }
  for (const body of [...(await everyObject()).values(), ...logged]) {
    expect(body.toLowerCase()).not.toMatch(/anna|36301234567|hyperlink/);
  }
});

test('the folder of landing says what a file is', () => {
  expect(
    [
      'exports/a.csv',
      'a.csv',
      '_surveys/a.csv',
      '_suppressions/x/a.csv',
      '_lifts/a.csv',
      '_notes/a.csv',
      '_surveys',
      '_surveys/',
    ].map(landedKind),
  ).toEqual(['orders', 'orders', 'surveys', 'suppressions', 'lifts', null, null, null]);
});
