import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { integer, optionalText, real, text } from '../../lambdas/lake/column.ts';
import { rocAuc } from '../../lambdas/model/evaluation.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import type { Manifest } from '../../lambdas/publish/manifest.ts';
import { type Ended, winback } from '../support/cli.ts';
import { hashesUnder } from '../support/files.ts';
import { processOn } from '../support/night.ts';
import { strictCsvRecords } from '../support/strict-csv.ts';

interface Summary {
  readonly as_of: string;
  readonly run_id: string;
  readonly published: boolean;
  readonly buyers: number;
  readonly manifest: string;
  readonly report: string;
  readonly model: { readonly verdict: string };
  readonly risk: { readonly high: number; readonly medium: number; readonly low: number };
}

let folder: string;
let first: Ended;
let second: Ended;
const shop = (name: string): string => join(folder, name, 'shop');
const lakeOf = (name: string): string => join(folder, name, 'lake');
const summaryOf = (ended: Ended): Summary => JSON.parse(ended.out) as Summary;

/** What may differ between two lakes of the same orders: times alone. */
const holdsTimes = (path: string): boolean => /^lake\/ledger\//.test(path);

const demo = (name: string, seed: string): Promise<Ended> =>
  winback(['demo', '--dir', join(folder, name), '--customers', '600', '--seed', seed, '--json']);

/** Runs the night of the demo again in its lake, with further exports. */
async function again(name: string, ...exports: string[]): Promise<Ended> {
  const files = (await readdir(shop(name))).filter((file) => file.startsWith('orders-')).sort();
  const paths = [...files.map((file) => join(shop(name), file)), ...exports];
  const { as_of } = summaryOf(first);
  return winback(
    [
      'run',
      '--orders',
      ...paths,
      '--lake',
      lakeOf(name),
      '--config',
      join(shop(name), 'winback.json'),
      '--as-of',
      as_of,
      '--json',
    ],
    { env: { WINBACK_SECRET: 'the winback demo shop has no secrets' } },
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-e2e-'));
  [first, second] = await Promise.all([demo('one', '11'), demo('two', '11')]);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the demo shop', () => {
  test('ends with published lists and a report', async () => {
    expect([first.code, first.err]).toEqual([0, '']);
    const summary = summaryOf(first);
    expect(summary).toMatchObject({ published: true, buyers: expect.any(Number) });
    expect(summary.buyers).toBeGreaterThan(500);
    expect(['promoted', 'baseline']).toContain(summary.model.verdict);
    expect(summary.risk.high + summary.risk.medium + summary.risk.low).toBe(summary.buyers);
    expect(await readFile(summary.report, 'utf8')).toMatch(/^<!doctype html>/i);
    const manifest = JSON.parse(await readFile(summary.manifest, 'utf8')) as Manifest;
    expect(manifest.lists.reduce((sum, list) => sum + list.rows, 0)).toBeGreaterThan(50);
    expect(await readFile(join(lakeOf('one'), 'published/latest.json'), 'utf8')).toBe(
      await readFile(summary.manifest, 'utf8'),
    );
  });

  test('gives the same bytes from the same seed, but for times', async () => {
    expect(second.code).toBe(0);
    const [one, two] = await Promise.all(['one', 'two'].map((name) => hashesUnder(join(folder, name))));
    expect([...two!.keys()]).toEqual([...one!.keys()]);
    const differing = [...one!].filter(([path, hash]) => !holdsTimes(path) && two!.get(path) !== hash);
    expect(differing.map(([path]) => path)).toEqual([]);
    expect(one!.size).toBeGreaterThan(60);
  });

  test('scores know who was truly lost: AUC above 0.75 among repeat buyers', async () => {
    const truth = new Map<string, string>();
    const [header = '', ...rows] = (await readFile(join(shop('one'), 'truth.csv'), 'utf8')).split(/\r?\n/);
    const column = (name: string) => header.split(',').indexOf(name);
    for (const row of rows.filter(Boolean).map((line) => line.split(','))) {
      for (const id of [row[column('customer_id')], row[column('other_customer_id')]]) {
        if (id) truth.set(id, row[column('lost_on')] ?? '');
      }
    }
    const { as_of } = summaryOf(first);
    const lake = await processOn(lakeOf('one'));
    try {
      const scored = await rowsOf(
        lake.engine,
        {
          name: 'scored',
          sql: `select s.customer_key, c.customer_id, f.orders, s.churn_probability
                from churn_scores s inner join customers c on s.customer_key = c.customer_key
                inner join customer_features f on s.customer_key = f.customer_key`,
        },
        {
          columns: {
            customer_key: text(''),
            customer_id: optionalText(''),
            orders: integer(''),
            churn_probability: real(''),
          },
          key: ['customer_key'],
        },
      );
      const repeat = scored.filter((row) => row.orders > 1 && row.customer_id !== null && truth.has(row.customer_id));
      const isLost = repeat.map((row) => {
        const lostOn = truth.get(row.customer_id!)!;
        return lostOn !== '' && lostOn < as_of ? 1 : 0;
      });
      expect(repeat.length).toBeGreaterThan(300);
      const auc = rocAuc(
        Float64Array.from(repeat, (row) => row.churn_probability),
        Uint8Array.from(isLost),
      );
      expect(auc).toBeGreaterThan(0.75);
    } finally {
      lake.close();
    }
  });

  test('contact data are in the tables and lists for people alone', async () => {
    const lake = lakeOf('one');
    const entries = (await readdir(lake, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const withAddresses: string[] = [];
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      if (path.endsWith('.parquet')) continue;
      if ((await readFile(path, 'utf8')).includes('@example.')) withAddresses.push(path.slice(lake.length + 1));
    }
    expect(withAddresses.filter((path) => !/^published\/.*\.csv$/.test(path))).toEqual([]);
    expect(withAddresses.length).toBeGreaterThan(0);
  });
});

const peopleFile = (manifest: Manifest, list: string): string =>
  manifest.files.find((file) => file.list === list && file.format === 'people')!.key;

describe('the lists', () => {
  test('are pulled byte for byte as published', async () => {
    const out = join(folder, 'pulled');
    const pulled = await winback(['lists', 'pull', '--out', out, '--lake', lakeOf('one'), '--json']);
    expect(pulled.code).toBe(0);
    const manifest = JSON.parse(await readFile(summaryOf(first).manifest, 'utf8')) as Manifest;
    const people = manifest.files.filter((file) => file.format === 'people');
    const nameOf = (file: (typeof people)[number]) =>
      `${manifest.as_of}-${file.kind === 'exclusion' ? 'exclude-' : ''}${file.list}-people.csv`;
    expect((await readdir(out)).sort()).toEqual(people.map(nameOf).sort());
    for (const file of people) {
      const copy = await readFile(join(out, nameOf(file)));
      expect(copy.equals(await readFile(join(lakeOf('one'), file.key)))).toBe(true);
      expect(strictCsvRecords(copy.toString('utf8'))).toHaveLength(file.rows);
    }
  });

  test('that were changed behind our back are not handed out', async () => {
    const manifest = JSON.parse(await readFile(summaryOf(second).manifest, 'utf8')) as Manifest;
    await writeFile(join(lakeOf('two'), peopleFile(manifest, 'win_back_low')), 'email\r\n');
    const shown = await winback(['lists', 'show', 'win_back_low', '--lake', lakeOf('two')]);
    expect(shown.code).toBe(5);
    expect(shown.err).toContain('is not what was published');
  });

  test('name people whom explain explains, by customer number, e-mail and key', async () => {
    const manifest = JSON.parse(await readFile(summaryOf(first).manifest, 'utf8')) as Manifest;
    const list = manifest.lists.find((each) => each.rows > 0)!;
    const people = strictCsvRecords(await readFile(join(lakeOf('one'), peopleFile(manifest, list.campaign)), 'utf8'));
    const person = people.find((each) => each.email !== '' && each.customer_id !== '')!;
    const env = { WINBACK_SECRET: 'the winback demo shop has no secrets' };
    const config = join(shop('one'), 'winback.json');
    for (const name of [person.customer_id!, person.email!.toUpperCase(), person.customer_key!]) {
      const ended = await winback(['explain', name, '--lake', lakeOf('one'), '--config', config, '--json'], { env });
      expect([name, ended.code]).toEqual([name, 0]);
      const { customers } = JSON.parse(ended.out) as { customers: Record<string, unknown>[] };
      expect(customers).toHaveLength(1);
      expect(customers[0]).toMatchObject({
        customer_key: person.customer_key,
        campaigns: expect.arrayContaining([expect.objectContaining({ campaign: list.campaign, arm: 'treatment' })]),
        last_order_on: person.last_order_on,
      });
      expect((100 * (customers[0]!.churn_probability as number)).toFixed(1)).toBe(person.risk_pct);
    }
    const words = await winback(['explain', person.customer_id!, '--lake', lakeOf('one'), '--config', config], { env });
    expect(words.out).toContain(`${person.risk_pct}%`);
    expect(words.out).toContain(person.why_1);
  });
});

describe('the same night again', () => {
  test('changes nothing but times, and says so', async () => {
    const before = await hashesUnder(lakeOf('one'));
    const ended = await again('one');
    expect(ended.code).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ published: false, run_id: summaryOf(first).run_id });
    const after = await hashesUnder(lakeOf('one'));
    const changed = [...before].filter(([path, hash]) => after.get(path) !== hash).map(([path]) => path);
    expect(changed.filter((path) => !path.startsWith('ledger/'))).toEqual([]);
    const added = [...after.keys()].filter((path) => !before.has(path));
    expect(added.map((path) => path.split('/').slice(0, 2).join('/')).sort()).toEqual([
      'ledger/run_ledger',
      'ledger/run_ledger',
      'ledger/run_ledger',
      'runs/claims',
      'runs/run_inputs',
    ]);
  });

  test('with orders dated later has the same features and scores; who ordered is on no list', async () => {
    const { as_of, run_id } = summaryOf(first);
    const dayAfter = new Date(Date.parse(`${as_of}T12:00:00Z`) + 86_400_000).toISOString();
    const rows = Array.from({ length: 120 }, (_, i) => `later-${i},C-${10_001 + 4 * i},${dayAfter},${20 + i}.00,EUR`);
    const later = join(folder, 'later.csv');
    await writeFile(later, ['order_id,customer_id,order_ts,total,currency', ...rows].join('\n'));
    const ended = await again('one', later);
    expect([ended.code, ended.err]).toEqual([0, '']);
    const summary = summaryOf(ended);
    expect(summary.run_id).not.toBe(run_id);
    const of = (table: string, run: string) =>
      readFile(join(lakeOf('one'), 'runs', table, `as_of=${as_of}`, `run_id=${run}`, '1/part-00000.parquet'));
    for (const table of ['customer_features', 'churn_scores', 'retention_by_period', 'models']) {
      expect((await of(table, summary.run_id)).equals(await of(table, run_id)), table).toBe(true);
    }
    expect((await of('orders', summary.run_id)).equals(await of('orders', run_id))).toBe(false);
    const manifest = JSON.parse(await readFile(summary.manifest, 'utf8')) as Manifest;
    expect(manifest.lists.some((list) => (list.excluded.ordered_since ?? 0) > 0)).toBe(true);
    for (const { campaign } of manifest.lists) {
      const people = strictCsvRecords(await readFile(join(lakeOf('one'), peopleFile(manifest, campaign)), 'utf8'));
      for (const { customer_id } of people) expect(rows.some((row) => row.includes(`,${customer_id},`))).toBe(false);
    }
  });
});
