import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { ingestAll, namedExports } from '../../bin/ingest-files.ts';
import { readConfigFile } from '../../bin/local-lake.ts';
import { runNight } from '../../bin/night.ts';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { duckDbEngine } from '../../lambdas/platform/local/duckdb-engine.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import { silentLog } from '../../lambdas/platform/log.ts';
import { awsLake } from '../support/aws-lake.ts';
import { hashesUnder, inFolder } from '../support/files.ts';

const delivered = new Date('2027-01-01T00:00:00Z');
const fixed = {
  keys: identityKeys('a secret for tests'),
  log: silentLog,
  clock: () => delivered,
  progress: () => undefined,
};

test('a night over S3 and Athena publishes the same bytes as the night in a folder', async () => {
  await inFolder(async (folder) => {
    const shop = await writeDemoShop(join(folder, 'shop'), { customers: 1500 });
    const settings = await readConfigFile(shop.configFile);
    const config = { ...settings, model: { ...settings.model, trees: 20, min_buyers: 100 } };
    const asOf = parseIsoDate(shop.asOf);
    const orders = shop.exportFiles.map((path) => ({ path, kind: 'orders' as const }));
    const files = await namedExports(orders, delivered);

    const night = async (context: IdentifyingContext): Promise<void> => {
      await ingestAll(context, files);
      await runNight(context, await claim(context, asOf));
    };
    const localRoot = join(folder, 'local');
    const localStore = fileStore(localRoot);
    const localEngine = await duckDbEngine(localStore, { root: localRoot });
    await night({ ...fixed, config, store: localStore, engine: localEngine });
    localEngine.close();

    const aws = await awsLake(folder);
    await night({ ...fixed, config, store: aws.store, engine: aws.engine('night') });
    await aws.close();

    const local = [...(await hashesUnder(join(localRoot, 'published')))];
    const remote = [...(await hashesUnder(join(folder, 'buckets', 'personal', 'published')))];
    expect(local.map(([path]) => path)).toContain('latest.json');
    expect(remote).toEqual(local);
    const manifest: unknown = JSON.parse(await readFile(join(localRoot, 'published', 'latest.json'), 'utf8'));
    expect(manifest).toMatchObject({ lists: expect.any(Array) });
  });
});
