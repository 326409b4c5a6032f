import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { readConfigFile } from '../../bin/local-lake.ts';
import { nightFunctionNames } from '../../infra/functions/specs.ts';
import { isoDate, parseIsoDate } from '../../lambdas/lake/day.ts';
import { stages } from '../../lambdas/pipeline.ts';
import type { Manifest } from '../../lambdas/publish/manifest.ts';
import { type AwsLake, awsLake } from '../support/aws-lake.ts';
import { hashesUnder } from '../support/files.ts';
import { type DeployedNight, deployNight } from '../support/states/night.ts';

let folder: string;
let lake: AwsLake;
let night: DeployedNight;
let asOf: number;
/** Everything that functions logged. */
const logged: string[] = [];
const dueOn = (date: number): string => `${isoDate(date + 1)}T02:30:00Z`;
const published = (): Promise<Map<string, string>> => hashesUnder(join(folder, 'buckets', 'personal', 'published'));
const manifest = (): Manifest =>
  JSON.parse(readFileSync(join(folder, 'buckets', 'personal', 'published', 'latest.json'), 'utf8')) as Manifest;

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => logged.push(String(line)) > 0);
  folder = await mkdtemp(join(tmpdir(), 'winback-workflow-'));
  const shop = await writeDemoShop(join(folder, 'shop'), { customers: 1500 });
  const settings = await readConfigFile(shop.configFile);
  asOf = parseIsoDate(shop.asOf) as number;
  lake = await awsLake(folder);
  for (const file of shop.exportFiles) {
    lake.s3.buckets.write('landing', `exports/${basename(file)}`, { body: await readFile(file), headers: {} });
  }
  const config = {
    ...settings,
    shop: { ...settings.shop, time_zone: 'UTC' },
    model: { ...settings.model, trees: 20, min_buyers: 100 },
  };
  night = await deployNight(folder, lake, config);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await night.close();
  await lake.close();
  await rm(folder, { recursive: true, force: true });
});

it('a night takes in what was delivered, publishes, and tells people and systems', async () => {
  const execution = await night.start({ scheduled_time: dueOn(asOf) });
  expect(execution).toMatchObject({ status: 'SUCCEEDED', error: null });
  const { lists, as_of, run_id } = manifest();
  expect(as_of).toBe(isoDate(asOf));
  expect(lists.length).toBeGreaterThan(3);
  expect(lists.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(100);
  expect(new Set(night.called)).toEqual(new Set(nightFunctionNames));
  const [message, event] = night.sent;
  expect(message?.parameters).toMatchObject({
    TopicArn: 'published',
    Message: expect.stringContaining(`published/${as_of}/${run_id}/manifest.json`),
  });
  expect(event?.parameters).toMatchObject({
    Entries: [{ DetailType: 'Lists Published', Detail: { run_id, bucket: 'personal' } }],
  });
  expect(JSON.stringify(execution.output)).not.toMatch(/@/);
  const lines = lake.s3.buckets
    .keys('lake')
    .filter((key) => key.startsWith('ledger/run_ledger/'))
    .flatMap((key) => String(lake.s3.buckets.body('lake', key)).trim().split('\n'))
    .map(
      (line) =>
        JSON.parse(line) as Readonly<Record<'step' | 'entry', string> & Record<'bytes_scanned' | 'cost', number>>,
    )
    .filter(({ entry }) => !entry.startsWith('gate:'));
  expect(new Set(lines.map(({ step }) => step))).toEqual(new Set(['claim', ...stages.flat()]));
  expect(lines.filter(({ cost }) => !(cost > 0))).toEqual([]);
  expect(lines.filter(({ entry }) => entry !== 'step').map(({ step, entry }) => `${step} ${entry}`)).toEqual([
    'score part:00000',
  ]);
  const asked = lines.filter(({ bytes_scanned }) => bytes_scanned > 0).map(({ step }) => step);
  expect(asked, 'curate asks Athena, commit does not').toContain('curate');
  expect(asked).not.toContain('commit');
  expect(await night.invoke('watch', { scheduled_time: dueOn(asOf) })).toMatchObject({ days_late: 0 });
});

it('the same night again asks Athena for nothing but partitions and leaves the same bytes', async () => {
  const before = await published();
  const queries = lake.athena.queries.length;
  const { status, output } = await night.start({ scheduled_time: dueOn(asOf) });
  expect(status).toBe('SUCCEEDED');
  expect(output).toMatchObject({ commit: { published: false }, run: { attempt: 2 } });
  expect(await published()).toEqual(before);
  const again = lake.athena.queries.slice(queries).map(({ sql }) => sql);
  expect(again.filter((sql) => !sql.startsWith('alter table'))).toEqual([]);
});

it("a night whose data cannot be trusted tells the operator why, and yesterday's lists stay", async () => {
  const before = await published();
  const sent = night.sent.length;
  const execution = await night.start({ as_of: isoDate(asOf + 30) });
  expect(execution).toMatchObject({ status: 'FAILED', error: 'GateFailed' });
  expect(execution.entered.slice(-3)).toEqual(['Gates', 'TellFailure', 'Failed']);
  expect(night.sent.slice(sent).map(({ parameters }) => parameters)).toMatchObject([
    { TopicArn: 'alarms', Message: expect.stringMatching(/^GateFailed: .*days?.*\n[\s\S]*execution:night/) },
  ]);
  expect(await published()).toEqual(before);
  expect(await night.invoke('watch', { scheduled_time: dueOn(asOf + 30) })).toMatchObject({ days_late: 30 });
});

it('trouble of the services is outlasted; what a function left half done is done again', async () => {
  const troubles = new Map([
    ['curate', 2],
    ['scorePart', 3],
    ['publish', 1],
  ]);
  night.before = (name) => {
    const left = troubles.get(name) ?? 0;
    if (left === 0) return;
    troubles.set(name, left - 1);
    const error = new Error('s3://lake cannot be used: SlowDown');
    error.name = 'LakeAccessError';
    throw error;
  };
  const execution = await night.start({ as_of: isoDate(asOf - 1) });
  night.before = () => undefined;
  expect(execution).toMatchObject({ status: 'SUCCEEDED', error: null });
  expect([...troubles.values()]).toEqual([0, 0, 0]);
  expect(manifest().as_of).toBe(isoDate(asOf - 1));
});

it('an operator goes back to a night that was published', async () => {
  expect(await night.invoke('commit', { roll_back_to: isoDate(asOf) })).toMatchObject({ current: isoDate(asOf) });
  expect(manifest().as_of).toBe(isoDate(asOf));
  await expect(night.invoke('commit', { roll_back_to: isoDate(asOf - 9) })).rejects.toMatchObject({
    name: 'UsageError',
  });
});

it('deliveries come as messages of a queue; what fails goes back, whatever its key looks like', async () => {
  const key = 'exports/a b+c é (1).csv';
  const body = Buffer.from(
    'order_id,email,order_ts,total,currency,status\n9000001,new@example.com,2026-09-30T10:00:00Z,10.00,EUR,paid\n',
  );
  lake.s3.buckets.write('landing', key, { body, headers: {} });
  const asInForms = encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
  const message = (messageId: string, encoded: string) => ({
    messageId,
    body: JSON.stringify({ Records: [{ s3: { object: { key: encoded } } }] }),
  });
  const test = { messageId: 'test', body: JSON.stringify({ Event: 's3:TestEvent' }) };
  const event = { Records: [message('gone', 'exports/nothing.csv'), message('odd', asInForms), test] };
  expect(await night.invoke('ingest', event)).toEqual({ batchItemFailures: [{ itemIdentifier: 'gone' }] });
  expect(await night.invoke('reconcile', {})).toEqual({ missing: [] });
  lake.s3.buckets.write('landing', '_suppressions/people.csv', { body, headers: {} });
  lake.s3.buckets.write('landing', 'exports/lost.csv', { body: Buffer.concat([body, body]), headers: {} });
  const { missing } = (await night.invoke('reconcile', {})) as { missing: readonly { key: string }[] };
  expect(missing.map(({ key: each }) => each).sort()).toEqual(['_suppressions/people.csv', 'exports/lost.csv']);
});

it('what was taken or refused may expire; requests to erase are carried out first, by as many calls as it takes', async () => {
  const tagged = () => lake.s3.calls.filter(({ action }) => action === 'PUT tagging').map(({ key }) => key);
  expect(new Set(tagged())).toEqual(new Set(lake.s3.buckets.keys('landing').filter((key) => !/lost|people/.test(key))));

  const files = () => [...lake.s3.buckets.keys('personal')].filter((key) => key.endsWith('/people.csv'));
  const csv = () => files().map((key) => String(lake.s3.buckets.body('personal', key)));
  const [address] = /[\w.+-]+@[\w.-]+/.exec(csv().join()) ?? [];
  expect(address).toBeDefined();
  lake.s3.buckets.write('landing', '_erasures/ticket.txt', { body: Buffer.from(`${address}\n`), headers: {} });
  let asked = 0;
  night.millisLeft = () => (++asked % 10 === 0 ? 1_000 : 900_000);
  const { status, output, entered } = await night.erase({ dry_run: false });
  expect(status).toBe('SUCCEEDED');
  expect(output).toMatchObject({ is_done: true, people: 1, unknown: [], refused: [] });
  expect(entered.filter((state) => state === 'Erase').length).toBeGreaterThan(2);
  expect(lake.s3.buckets.keys('landing').filter((key) => key.startsWith('_erasures/'))).toEqual([]);
  expect(lake.s3.buckets.keys('lake').filter((key) => key.startsWith('ledger/sweeps/'))).toEqual([]);
  expect(csv().join()).not.toContain(address);
  expect(new Set(tagged()).has('_erasures/ticket.txt')).toBe(false);
  expect(await night.erase({ dry_run: 'no' })).toMatchObject({ status: 'FAILED', error: 'ZodError' });
});

it('what functions logged names no person', () => {
  expect(logged.length).toBeGreaterThan(50);
  expect(logged.filter((line) => /@|\+\d{8}/.test(line))).toEqual([]);
});
