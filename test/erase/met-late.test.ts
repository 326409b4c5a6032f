import { join } from 'node:path';
import { expect, test } from 'vitest';
import { erase } from '../../lambdas/erase/erase.ts';
import { eraseRequested } from '../../lambdas/erase/erase-requested.ts';
import { customers } from '../../lambdas/lake/tables/curated.ts';
import { runPrefix } from '../../lambdas/lake/zones.ts';
import { fileStore } from '../../lambdas/platform/local/file-store.ts';
import type { ObjectStore } from '../../lambdas/platform/object-store.ts';
import { writeTable } from '../../lambdas/platform/parquet.ts';
import { inFolder } from '../support/files.ts';
import { day } from '../support/lake.ts';
import { processOn } from '../support/night.ts';
import { filesWith } from './search.ts';
import { header, orderLine, shopOfTwo, take } from './shop-of-two.ts';

const dora = {
  email: 'dora.quast@mail.example',
  phone: '+49 151 7777 4712',
  firstName: 'Dora',
  lastName: 'Quastenberg',
};
const run = { asOf: day('2024-06-30'), runId: '0123456789abcdef', attempt: 1 };
const isReal = { isDry: false, isForced: false };

/** A lake in which only what an old night left tells of Dora. */
async function fill(root: string): Promise<void> {
  const lake = await processOn(root);
  await take(lake, 'a.csv', shopOfTwo);
  const { customer_key, email } = customers.columns;
  const key = `${runPrefix(customers, run)}part-0.parquet`;
  const rows = [{ customer_key: lake.keys.pseudonym('email', dora.email), email: dora.email }];
  await writeTable(lake.store, { ...customers, columns: { customer_key, email } }, key, rows);
  lake.close();
}

/** Takes in an export that tells of Dora, unless told otherwise by her phone number too, which only this one does. */
async function takeHers(root: string, who: Parameters<typeof orderLine>[3] = dora): Promise<void> {
  const lake = await processOn(root);
  await take(lake, 'b.csv', [header, orderLine('9', '2024-04-01', '70.00', who)].join('\n'));
  lake.close();
}

/** The export is taken in as a night's table is read for the first time: the sweep has passed what is ingested. */
const takingHers = (root: string) => {
  let isTaken = false;
  return (store: ObjectStore): ObjectStore => ({
    ...store,
    read: async (key) => {
      if (key.startsWith('personal/runs/customers/') && !isTaken) {
        isTaken = true;
        await takeHers(root);
      }
      return store.read(key);
    },
  });
};

async function expectGone(root: string): Promise<void> {
  const lake = await processOn(root);
  const keys = [lake.keys.pseudonym('email', dora.email), lake.keys.pseudonym('phone', '+4915177774712')];
  lake.close();
  const found = await filesWith(root, [dora.email, dora.lastName, '15177774712', ...keys]);
  const left = [...found.values()].flat().filter((file) => !file.startsWith('ledger/erasures/'));
  expect(left).toEqual([]);
  const recorded = found.get(keys[0] ?? '') ?? [];
  expect(recorded.length).toBeGreaterThan(0);
}

test('of somebody whom an export brings in behind the sweep that meets them, nothing stays', async () => {
  await inFolder(async (root) => {
    await fill(root);
    const lake = await processOn(root, {}, takingHers(root));
    const { tables } = await erase(lake, { person: dora.email, ...isReal });
    lake.close();
    expect(tables).toEqual([
      { table: 'customers', rows: 1, objects: 1 },
      { table: 'order_versions', rows: 1, objects: 1 },
      { table: 'customer_sightings', rows: 1, objects: 1 },
    ]);
    await expectGone(root);
  });
});

test.each([
  ['while a night is swept, in one call', true, takingHers, 0],
  ['while a night is swept, in a call for each object', false, takingHers, 0],
  ['between two calls, before anything of them is met', false, () => (store: ObjectStore) => store, 2],
] as const)('requests of them are done only when all is gone: %s', async (_, hasTime, wrapIn, callsBefore) => {
  await inFolder(async (folder) => {
    const root = join(folder, 'lake');
    await fill(root);
    const requests = fileStore(join(folder, 'landing'));
    const lake = await processOn(root, {}, wrapIn(root));
    await requests.write('_erasures/1.txt', new TextEncoder().encode(dora.email));
    const call = () => eraseRequested(lake, requests, '_erasures/', isReal, () => hasTime);
    for (let i = 0; i < callsBefore; i++) expect(await call()).toMatchObject({ is_done: false, rows: 0 });
    // a shop whose customer numbers are addresses: all that the request may stand for, and nothing else
    if (callsBefore > 0) await takeHers(root, { email: dora.email, customer: dora.email });
    let answer = await call();
    while (!answer.is_done) {
      expect(await requests.read('_erasures/1.txt')).not.toBeNull();
      answer = await call();
    }
    lake.close();
    expect(answer).toMatchObject({ people: 1, unknown: [], rows: 3 });
    expect(await requests.read('_erasures/1.txt')).toBeNull();
    await expectGone(root);
  });
});
