import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runNight } from '../../bin/night.ts';
import { erase } from '../../lambdas/erase/erase.ts';
import { claim } from '../../lambdas/night/claim.ts';
import { ErasedMeanwhile } from '../../lambdas/night/commit.ts';
import { publishedNights } from '../../lambdas/night/published.ts';
import { inFolder } from '../support/files.ts';
import { deliver, keyOf } from '../support/ingested.ts';
import { day } from '../support/lake.ts';
import { processOn, regularShop } from '../support/night.ts';
import { filesWith } from './search.ts';

const asOf = '2024-06-30';
/** Claims number attempts and ledgers say what was done: neither tells of anybody. */
const isRecord = (file: string): boolean => /^(runs\/(claims|removed)|ledger\/run_ledger|runs\/pins)\//.test(file);

test('a night in which somebody is erased is not published; the next one does not know them and removes what it left', {
  timeout: 60_000,
}, async () => {
  await inFolder(async (folder) => {
    const root = join(folder, 'lake');
    const lake = await processOn(root);
    try {
      await deliver(lake, { file: 'a.csv', orders: regularShop(12, asOf, 300) });
      const begun = await claim(lake, day(asOf));
      const gone = { person: keyOf('customer 3'), isDry: false, isForced: false };
      // its sightings and orders are read by then, and written to tables of the night afterwards
      await erase(lake, gone);
      await expect(runNight(lake, begun)).rejects.toThrow(ErasedMeanwhile);
      expect((await publishedNights(lake.store)).nights).toEqual([]);

      const next = await claim(lake, day(asOf));
      expect(next.run.runId).not.toBe(begun.run.runId);
      await runNight(lake, next);
      expect((await publishedNights(lake.store)).nights).toMatchObject([{ run_id: next.run.runId }]);
      const found = await filesWith(root, [gone.person, 'customer-3@shop.example']);
      expect([...found.values()].flat().filter((file) => !file.startsWith('ledger/erasures/'))).toEqual([]);
      expect(
        (await filesWith(root, [begun.run.runId])).get(begun.run.runId)?.filter((file) => !isRecord(file)),
      ).toEqual([]);
      expect((await claim(lake, day(asOf))).run.runId).toBe(next.run.runId);
    } finally {
      lake.close();
    }
  });
});
