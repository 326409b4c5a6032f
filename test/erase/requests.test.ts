import { join } from 'node:path';
import { expect, test } from 'vitest';
import { erase } from '../../lambdas/erase/erase.ts';
import { eraseRequested } from '../../lambdas/erase/erase-requested.ts';
import { parseConfig } from '../../lambdas/platform/config/config.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { awsLake } from '../support/aws-lake.ts';
import { hashesUnder, inFolder } from '../support/files.ts';
import { processOn } from '../support/night.ts';
import { ada, shopOfTwo, take } from './shop-of-two.ts';

const prefix = '_erasures/';
const isReal = { isDry: false, isForced: false };

const leave = (requests: ObjectStore, name: string, lines: readonly string[]) =>
  requests.write(`${prefix}${name}`, new TextEncoder().encode(lines.join('\r\n')));

async function left(requests: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of requests.list(prefix)) keys.push(key.slice(prefix.length));
  return keys;
}

test('everybody whom request files name is erased, and then the files; the answer names nobody', async () => {
  await inFolder(async (folder) => {
    const requests = fileStore(join(folder, 'landing'));
    const events: object[] = [];
    const local = await processOn(join(folder, 'lake'));
    const lake = { ...local, log: (event: string, fields?: object) => void events.push({ event, ...fields }) };
    await take(local, 'a.csv', shopOfTwo);
    await leave(requests, 'ticket-1.txt', [`  ${ada.email}`, '', 'eve@mail.example']);
    await leave(requests, 'ticket-2.txt', ['cleo@mail.example', 'guest']);

    const tried = await eraseRequested(lake, requests, prefix, { isDry: true, isForced: false });
    expect(await left(requests)).toEqual(['ticket-1.txt', 'ticket-2.txt']);
    const answer = await eraseRequested(lake, requests, prefix, isReal);
    expect(answer).toEqual(tried);
    expect(answer).toMatchObject({
      people: 2,
      unknown: [{ file: 1, line: 3 }],
      refused: [{ file: 2, line: 2, error: 'UsageError' }],
      // orders 1, 2, 5 and 6, and the sightings of both
      rows: 4 + 4,
      files: 0,
    });
    expect(await left(requests)).toEqual(['ticket-2.txt']);
    expect(JSON.stringify([answer, events])).not.toMatch(/@|[0-9a-f]{32}|ticket|guest/);
    expect(await eraseRequested(lake, requests, prefix, isReal)).toMatchObject({ people: 1, rows: 0 });
    local.close();
  });
});

test('erasing over S3 and Athena leaves the same bytes as in a folder', async () => {
  await inFolder(async (folder) => {
    const aws = await awsLake(folder);
    const shared = {
      config: parseConfig({}, 'test settings'),
      keys: identityKeys('a secret for tests'),
      log: () => undefined,
      clock: () => new Date('2026-01-01T00:00:00Z'),
      progress: () => undefined,
    };
    const remote: IdentifyingContext = { ...shared, store: aws.store, engine: aws.engine('erase') };
    const local = await processOn(join(folder, 'local'));
    const input = { ...isReal, person: ada.customer };
    for (const lake of [remote, local]) await take(lake, 'a.csv', shopOfTwo);
    const [there, here] = [await erase(remote, input), await erase(local, input)];
    expect(there).toEqual(here);
    expect(here.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ['order_versions', 3],
      ['customer_sightings', 3],
    ]);
    const hashes = async (root: string) => [...(await hashesUnder(root))].filter(([key]) => key.endsWith('.parquet'));
    const buckets = join(folder, 'buckets');
    const stored = [
      ...(await hashes(join(buckets, 'lake', 'ingested'))),
      ...(await hashes(join(buckets, 'personal', 'personal'))),
    ];
    const kept = [
      ...(await hashes(join(folder, 'local', 'ingested'))),
      ...(await hashes(join(folder, 'local', 'personal'))),
    ];
    expect(stored).toEqual(kept);
    expect(stored.length).toBeGreaterThan(3);
    local.close();
    await aws.close();
  });
});
