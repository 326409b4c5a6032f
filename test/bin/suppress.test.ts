import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, winback } from '../support/cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-suppress-'));
  const rows = Array.from({ length: 60 }, (_, i) => {
    const on = new Date(Date.UTC(2024, 0, 1 + i * 3, 10)).toISOString();
    return `${i + 1},c${i % 9},c${i % 9}@shop.example.org,${on},${10 + i}.00,EUR`;
  });
  const orders = ['order_id,customer_id,email,order_ts,total,currency', ...rows].join('\n');
  const files: Readonly<Record<string, string>> = {
    'orders.csv': orders,
    'unsubscribed.csv':
      'Email,Reason\nc0@shop.example.org,spam\nC0@shop.example.org,spam\nstranger@shop.example.org,\nnobody,\n',
    'again.csv': 'Email\nc0@shop.example.org\nc1@shop.example.org\n',
    'survey.csv': 'email,date,nps\nc0@shop.example.org,2024-05-01,9\nc1@shop.example.org,2024-05-01,3\n',
    'again-asked.csv': 'email,date,csat\nc0@shop.example.org,2024-05-01,5\n',
    'scores.csv': 'email,date,score\nc0@shop.example.org,2024-05-01,4\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inHere = (...words: string[]): Promise<Ended> => winback(words, { cwd: folder });
const asJson = async (...words: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await inHere(...words, '--json')).out) as Record<string, unknown>;

describe('winback suppress', () => {
  test('says what it took, who was suppressed before, and what was rejected', async () => {
    expect((await inHere('ingest', 'orders.csv', '--lake', 'one')).code).toBe(0);
    const first = await inHere('suppress', 'unsubscribed.csv', '--lake', 'one');
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
    expect(first.out).toContain('4 records read = 2 suppressions + 1 repeat + 1 rejected');
    expect(first.out).toContain('1 × no_person in Email');
    expect(first.out).toContain('2 people: 2 newly suppressed, 0 suppressed before; 1 of them is known from orders');
    expect(first.out).toContain('The next run leaves them out of every list.');
    expect(first.out).not.toMatch(/@|nobody,/);

    expect(await asJson('suppress', 'unsubscribed.csv', 'again.csv', '--lake', 'one')).toMatchObject({
      lifted: false,
      people: 3,
      suppressed_before: 2,
      buyers: 2,
    });
    const lifted = await inHere('suppress', 'again.csv', '--lift', '--lake', 'one');
    expect(lifted.out).toContain('2 people: 2 suppressed until now, 0 not');
    expect(await asJson('suppress', 'again.csv', '--lake', 'one')).toMatchObject({ people: 2, suppressed_before: 0 });
  });

  test.each<[string, string[], number, RegExp]>([
    ['no file', ['suppress'], 2, /no file is named/],
    ['a file that is not there', ['suppress', 'missing.csv'], 3, /there is no such file/],
    ['orders', ['suppress', 'orders.csv'], 3, /given as suppressed people, but looks like orders.*winback ingest FILE/],
    ['a survey', ['suppress', 'survey.csv'], 3, /looks like answers of a survey.*--surveys/],
    ['suppressions as orders', ['ingest', 'unsubscribed.csv'], 3, /is of no known layout|looks like suppressed people/],
    ['a survey as orders', ['run', '--orders', 'survey.csv'], 3, /looks like answers of a survey.*--surveys/],
    ['scores of no question', ['ingest', '--surveys', 'scores.csv'], 3, /NPS .* or CSAT.*ingest\.survey\.question/],
    ['a file of two kinds', ['check', 'survey.csv', '--surveys', '--lift'], 2, /a file is of one kind/],
  ])('%s: a sentence and an exit code', async (_, words, code, message) => {
    const ended = await inHere(...words, ...(words[0] === 'check' ? [] : ['--lake', 'two']));
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(message);
    expect(ended.err.trimEnd().split('\n')).toHaveLength(2);
    expect(ended.err).not.toContain('@');
  });
});

test('surveys are taken beside orders, and by themselves', async () => {
  const ended = await inHere('ingest', 'orders.csv', '--surveys', 'survey.csv', '--lake', 'three');
  expect(ended.out).toContain('orders.csv: 60 records read = 60 orders');
  expect(ended.out).toContain('survey.csv: 2 records read = 2 records with answers');
  const two = await inHere('ingest', '--surveys', 'survey.csv', 'again-asked.csv', '--lake', 'four');
  expect(two.out.match(/records? with answers/g)).toHaveLength(2);
  const night = await inHere('run', '--lake', 'four');
  expect(night.code).toBe(3);
  expect(night.err).toContain('the lake holds no orders');
});

test('check shows what a survey and a suppression would be', async () => {
  const survey = await inHere('check', 'survey.csv', '--surveys');
  expect(survey.code).toBe(0);
  expect(survey.out).toMatch(/nps\s+← nps/);
  expect(await asJson('check', 'survey.csv', '--surveys')).toMatchObject({
    kind: 'surveys',
    counts: { accepted: 2 },
    orders: [],
    people: [
      { email: 'c0@shop.example.org', nps: 9 },
      { email: 'c1@shop.example.org', nps: 3 },
    ],
  });
  expect(await asJson('check', 'unsubscribed.csv', '--suppressions')).toMatchObject({
    people: [{ reason: 'complained' }, { reason: 'other' }],
  });
});

test('whoever takes files asks for the settings of a lake whose shop has a name', async () => {
  await writeFile(join(folder, 'named.json'), JSON.stringify({ shop: { source: 'corner-shop' } }));
  expect((await inHere('ingest', 'orders.csv', '--lake', 'named', '--config', 'named.json')).code).toBe(0);
  for (const words of [
    ['suppress', 'unsubscribed.csv'],
    ['ingest', 'orders.csv'],
    ['run', '--orders', 'orders.csv'],
  ]) {
    const { code, err } = await inHere(...words, '--lake', 'named');
    expect([code, err]).toEqual([2, expect.stringMatching(/holds the shop corner-shop.*--config FILE/s)]);
  }
});
