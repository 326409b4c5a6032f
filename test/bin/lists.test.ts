import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestManifestKey } from '../../lambdas/lake/zones.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { Manifest } from '../../lambdas/publish/manifest.ts';
import { publishSome } from '../publish/files/manifest.ts';
import { type Ended, winback } from '../support/cli.ts';
import { S3Error } from '../support/s3/s3-error.ts';
import { type S3Server, startS3 } from '../support/s3/server.ts';

let folder: string;
let lake: string;
let manifest: Manifest;
let s3: S3Server;
let folders = 0;

const newFolder = (): string => join(folder, `folder-${folders++}`);

/** A lake with what is published, in a folder of its own. */
async function newLake(): Promise<string> {
  const root = newFolder();
  await publishSome(fileStore(root));
  return root;
}

const inBucket = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  winback(words, {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: s3.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_MAX_ATTEMPTS: '1',
      ...env,
    },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-lists-'));
  lake = newFolder();
  manifest = await publishSome(fileStore(lake));
  s3 = await startS3({
    root: join(folder, 'buckets'),
    fault: ({ bucket }) => {
      if (bucket === 'forbidden') throw new S3Error(403, 'AccessDenied');
      return undefined;
    },
  });
  for (const bucket of ['personal', 'forbidden', 'empty']) s3.buckets.create(bucket);
  for (const key of [latestManifestKey, ...manifest.files.map((file) => file.key)]) {
    const body = await readFile(join(lake, key));
    for (const prefix of ['', 'shops/one/', 'shops/changed/']) {
      const isChanged = prefix === 'shops/changed/' && key.endsWith('klaviyo.csv');
      const given = isChanged ? Buffer.from('Email\r\n') : body;
      s3.buckets.write('personal', `${prefix}${key}`, { body: given, headers: {} });
    }
  }
});

afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

function expectSentence(ended: Ended, code: number, ...messages: RegExp[]): void {
  expect([ended.code, ended.out]).toEqual([code, '']);
  for (const message of messages) expect(ended.err).toMatch(message);
  expect(ended.err).not.toMatch(/defect|\n\s+at /);
}

const local = (key: string): string => key.split('/').at(-1)!;

describe('winback lists', () => {
  test('says how old the lists are, who is not on them, and what their size can show', async () => {
    const { code, out } = await winback(['lists', '--lake', lake]);
    expect(code).toBe(0);
    expect(out).toMatch(/Lists of 2024-06-30 \([\d,]+ days old\)/);
    expect(out).toMatch(/win_back_high +30 +2 +5 +3 +13 +3703\.65 +-37\.04 +Personal call or letter/);
    expect(out).toContain('no_consent 12, suppressed 1');
    expect(out).toMatch(/win_back_high +61\.3 +2\.0 +24,310/);
    expect(out).toMatch(/control_group +2 +control 2/);
  });

  test('prints the manifest and its age for programs', async () => {
    const { out } = await winback(['lists', '--lake', lake, '--json']);
    expect(JSON.parse(out)).toEqual({ ...manifest, age_days: expect.any(Number), withdrawn: [] });
  });

  test('shows a campaign: figures, files with those left out, the first people', async () => {
    const { out } = await winback(['lists', 'show', 'win_back_high', '--lake', lake]);
    expect(out).toContain('Win back: most at stake: Speak to them one by one.');
    expect(out).toContain('30 people, 2 of them new; 5 left on this night (purchase 5)');
    expect(out).toContain('Value at risk 3703.65 EUR, expected profit -37.04 EUR');
    expect(out).toContain(
      '30 on the list and 3 in control can show a lift of 61.3 points or more; to show the 2.0 points expected takes 24,310 customers.',
    );
    expect(out).toMatch(/klaviyo\.csv .*no_email 1/);
    expect(out).toContain('… 10 further rows: winback lists pull --out DIR');
    const { out: json } = await winback(['lists', 'show', 'control_group', '--lake', lake, '--json']);
    expect(JSON.parse(json)).toMatchObject({
      audience: 'control_group',
      rows: 2,
      csv: expect.stringContaining('b@shop'),
    });
  });
});

test('winback lists says when somebody was erased since, of all lists and of one', async () => {
  const root = await newLake();
  const files = manifest.files.filter((file) => file.list !== 'win_back_high' || file.format !== 'klaviyo');
  await writeFile(join(root, latestManifestKey), JSON.stringify({ ...manifest, files }));
  const note = 'note: somebody was erased since. Figures are of before, and 1 file for upload is withdrawn.';
  const [all, show, other, json] = await Promise.all([
    winback(['lists', '--lake', root]),
    winback(['lists', 'show', 'win_back_high', '--lake', root]),
    winback(['lists', 'show', 'control_group', '--lake', root]),
    winback(['lists', 'show', 'win_back_high', '--json', '--lake', root]),
  ]);
  for (const { out } of [all, show]) expect(out).toContain(note);
  expect(other.out).not.toContain('erased');
  expect(JSON.parse(json.out).withdrawn).toEqual([{ list: 'win_back_high', format: 'klaviyo' }]);
});

describe('winback lists pull', () => {
  test('copies the people files of all lists when nothing else is asked for', async () => {
    const out = newFolder();
    const ended = await winback(['lists', 'pull', '--out', out, '--lake', lake]);
    expect([ended.code, ended.err]).toEqual([0, '']);
    expect((await readdir(out)).sort()).toEqual([
      '2024-06-30-exclude-control_group-people.csv',
      '2024-06-30-win_back_high-people.csv',
    ]);
  });

  test('copies every part of the formats and campaigns asked for, byte for byte', async () => {
    const out = newFolder();
    const words = ['--format', 'klaviyo', '--format', 'google', '--format', 'klaviyo', '--campaign', 'win_back_high'];
    const ended = await winback(['lists', 'pull', '--out', out, '--lake', lake, '--json', ...words]);
    const asked = manifest.files.filter(
      (file) => file.list === 'win_back_high' && ['klaviyo', 'google'].includes(file.format),
    );
    expect(asked.length).toBeGreaterThan(3);
    expect(JSON.parse(ended.out)).toEqual({
      as_of: '2024-06-30',
      age_days: expect.any(Number),
      withdrawn: [],
      files: asked.map((file) => ({ path: join(out, `2024-06-30-win_back_high-${local(file.key)}`), ...file })),
    });
    expect(await readdir(out)).toHaveLength(asked.length);
    for (const file of asked) {
      const copy = await readFile(join(out, `2024-06-30-win_back_high-${local(file.key)}`));
      expect(copy.equals(await readFile(join(lake, file.key)))).toBe(true);
    }
  });

  test('hands out nothing that was changed or removed, and keeps the copy of before', async () => {
    const changed = await newLake();
    const key = manifest.files.find((file) => file.key.endsWith('/win_back_high/people.csv'))!.key;
    const out = newFolder();
    await mkdir(out);
    await writeFile(join(out, '2024-06-30-win_back_high-people.csv'), 'before');
    const pull = () => winback(['lists', 'pull', '--campaign', 'win_back_high', '--out', out, '--lake', changed]);
    await writeFile(join(changed, key), 'email\r\n');
    expectSentence(await pull(), 5, /win_back_high\/people\.csv is not what was published/);
    await rm(join(changed, key));
    expectSentence(await pull(), 5, /win_back_high\/people\.csv is not there any more/);
    expect(await readdir(out)).toEqual(['2024-06-30-win_back_high-people.csv']);
    expect(await readFile(join(out, '2024-06-30-win_back_high-people.csv'), 'utf8')).toBe('before');
  });

  test('says in a sentence what is wrong with what was asked', async () => {
    const pull = (...words: string[]) => winback(['lists', 'pull', '--lake', lake, ...words], { cwd: folder });
    await writeFile(join(folder, 'a-file'), 'x');
    const [format, campaign, nowhere, both, noBucket, intoFile] = await Promise.all([
      pull('--out', 'x', '--format', 'tiktok'),
      pull('--out', 'x', '--campaign', 'nobody'),
      pull(),
      pull('--out', 'x', '--from', 's3://personal'),
      winback(['lists', '--from', 'https://bucket']),
      pull('--out', 'a-file'),
    ]);
    expectSentence(format, 2, /no format "tiktok"/, /people, klaviyo, mailchimp, meta, google/);
    expectSentence(campaign, 2, /no campaign "nobody"/, /win_back_high/, /control_group/);
    expectSentence(nowhere, 2, /--out DIR/);
    expectSentence(both, 2, /both --lake and --from/);
    expectSentence(noBucket, 2, /names no bucket/, /s3:\/\/BUCKET/);
    expectSentence(
      intoFile,
      5,
      /a-file.* cannot be written: (a part of its path is a file|something of that name is there already)/,
    );
    expect(await readdir(folder)).not.toContain('x');
  });

  test('refuses a manifest of an older version with what to do', async () => {
    const old = await newLake();
    const { version: _, ...rest } = manifest;
    await writeFile(join(old, latestManifestKey), JSON.stringify(rest));
    const ended = await winback(['lists', '--lake', old]);
    expectSentence(ended, 5, /published by an older winback/, /Run the night again/);
  });
});

describe('winback lists --from s3://', () => {
  test.each([
    ['a bucket', 's3://personal'],
    ['a bucket with a prefix', 's3://personal/shops/one/'],
  ])('pulls from %s what a folder would give', async (_, from) => {
    const out = newFolder();
    const ended = await inBucket([
      'lists',
      'pull',
      '--format',
      'meta',
      '--format',
      'people',
      '--out',
      out,
      '--from',
      from,
    ]);
    expect(ended.code, ended.err).toBe(0);
    const asked = manifest.files.filter((file) => ['meta', 'people'].includes(file.format));
    expect(await readdir(out)).toHaveLength(asked.length);
    for (const { kind, list, key } of asked) {
      const name = `2024-06-30-${kind === 'exclusion' ? 'exclude-' : ''}${list}-${local(key)}`;
      expect((await readFile(join(out, name))).equals(await readFile(join(lake, key))), name).toBe(true);
    }
  });

  test('says in a sentence why it cannot', async () => {
    const out = newFolder();
    const pull = ['lists', 'pull', '--format', 'klaviyo', '--out', out, '--from'];
    const nobody = {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_PROFILE: 'winback-no-such-profile',
      HOME: folder,
    };
    const [changed, missing, forbidden, empty, noCredentials, noServer] = await Promise.all([
      inBucket([...pull, 's3://personal/shops/changed']),
      inBucket([...pull, 's3://no-such-bucket']),
      inBucket([...pull, 's3://forbidden']),
      inBucket([...pull, 's3://empty']),
      inBucket([...pull, 's3://personal'], nobody),
      inBucket([...pull, 's3://personal'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }),
    ]);
    expectSentence(changed, 5, /klaviyo\.csv is not what was published/);
    expectSentence(missing, 5, /s3:\/\/no-such-bucket.* cannot be used: NoSuchBucket/);
    expectSentence(forbidden, 5, /s3:\/\/forbidden.* cannot be used: AccessDenied/);
    expectSentence(empty, 3, /no night has been published in this lake, s3:\/\/empty/, /bucket of personal data/);
    expectSentence(noCredentials, 5, /s3:\/\/personal cannot be reached: .*(credentials|profile)/i, /AWS_PROFILE/);
    expectSentence(noServer, 5, /s3:\/\/personal cannot be reached: .*ECONNREFUSED/);
    expect(existsSync(out)).toBe(false);
  });
});
