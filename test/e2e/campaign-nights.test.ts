import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportFile } from '../../bin/local-lake.ts';
import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import { count, text } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { storedName, type Table, type TableRow } from '../../lambdas/lake/table.ts';
import { campaignEpisodes, campaignMembers, customerArms } from '../../lambdas/lake/tables/campaigns.ts';
import type { Night } from '../../lambdas/pipeline.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { readManifest } from '../../lambdas/publish/manifest.ts';
import { dailyDeliveries } from '../support/daily-orders.ts';
import { day } from '../support/lake.ts';
import { type LakeProcess, nightOf, processOn } from '../support/night.ts';
import { realData } from '../support/real-data.ts';

/** Nights in a row; each takes about ten seconds. */
const nights = Number(process.env.WINBACK_NIGHTS ?? 4);
const firstNight = '2011-09-01';
/** A month of retraining would only make the nights longer: membership asks scores, not models. */
const settings = { shop: { source: 'uci' }, model: { trees: 20, retrain_after_days: 365 } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winback-nights-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ofNight<T extends Table>(lake: LakeProcess, night: Night, table: T): Promise<TableRow<T>[]> {
  const { asOf, runId } = night.run;
  const sql = `select * from ${storedName(table)} where as_of = date '${isoDate(asOf)}' and run_id = '${runId}'`;
  return (await rowsOf(lake.engine, { name: table.name, sql }, table)) as TableRow<T>[];
}

/** Customers who fit a campaign and are in none of its group, nor counted as kept out of one. */
const uncountedSql = ({ run }: Night) => {
  const tonight = `as_of = date '${isoDate(run.asOf)}' and run_id = '${run.runId}'`;
  return `
    with groups as (select campaign, campaign_group from campaigns_runs where ${tonight}),
    fits as (
      select distinct g.campaign_group, f.customer_key
      from campaign_fits_runs f join groups g using (campaign) where ${tonight} and f.rule = 'enters'
    ),
    members as (
      select distinct g.campaign_group, m.customer_key
      from campaign_members_runs m join groups g using (campaign) where ${tonight}
    )
    select f.campaign_group as campaign_group, count(*) as people
    from fits f left join members m using (campaign_group, customer_key)
    where m.customer_key is null group by f.campaign_group`;
};

function checkCap(episodes: readonly TableRow<typeof campaignEpisodes>[], most: number, window: number): void {
  const entries = new Map<string, number[]>();
  for (const { customer_key, entered_on, campaign_group } of episodes) {
    if (campaign_group === 'tier') continue;
    entries.set(customer_key, [...(entries.get(customer_key) ?? []), entered_on]);
  }
  for (const [person, days] of entries) {
    days.sort((a, b) => a - b);
    for (let i = most; i < days.length; i++) {
      expect([person, days[i]! - days[i - most]! >= window]).toEqual([person, true]);
    }
  }
}

test(`Online Retail II night after night: arms stay, nobody is in two, the cap holds, everybody is counted`, async () => {
  const files = ['2009-2010', '2010-2011'].map((years) =>
    realData(`online-retail-ii/online_retail_II_year_${years}.csv.gz`),
  );
  if (files.some((file) => file === null)) return;
  const lastNight = isoDate(day(firstNight) + nights - 1);
  const deliveries = await dailyDeliveries(files as string[], 4, firstNight, lastNight, join(folder, 'orders'));
  const root = join(folder, 'lake');
  const armOf = new Map<string, string>();
  let seenControl = 0;
  for (let i = 0; i < nights; i++) {
    const asOf = isoDate(day(firstNight) + i);
    const lake = await processOn(root, settings);
    const path = deliveries.get(asOf);
    if (path) {
      const file = await exportFile(path, new Date(`${asOf}T23:59:00Z`));
      await ingestFile(lake, { file, kind: 'orders', limits: localLimits });
    }
    lake.close();
    const { night, outputs } = await nightOf(root, asOf, settings);
    const after = await processOn(root, settings);
    try {
      for (const { customer_key, arm } of await ofNight(after, night, customerArms)) {
        expect([customer_key, armOf.get(customer_key) ?? arm]).toEqual([customer_key, arm]);
        armOf.set(customer_key, arm);
      }
      const episodes = await ofNight(after, night, campaignEpisodes);
      for (const episode of episodes) {
        expect([episode.customer_key, episode.arm]).toEqual([episode.customer_key, armOf.get(episode.customer_key)]);
        expect(episode.is_contaminated).toBe(false);
        if (episode.arm === 'control') seenControl++;
      }
      const { max_contacts, contact_window_days } = after.config.publish;
      checkCap(episodes, max_contacts, contact_window_days);
      const uncounted = await rowsOf(
        after.engine,
        { name: 'uncounted', sql: uncountedSql(night) },
        { columns: { campaign_group: text(''), people: count('') }, key: ['campaign_group'] },
      );
      expect(uncounted).toEqual([]);
      const manifest = (await readManifest(after.store, outputs.publish.manifestKey))!;
      const members = await ofNight(after, night, campaignMembers);
      for (const list of manifest.lists) {
        const dropped = Object.values(list.excluded).reduce((sum, people) => sum + people, 0);
        const own = members.filter((member) => member.campaign === list.campaign);
        expect([list.campaign, list.rows + list.control + dropped]).toEqual([list.campaign, own.length]);
      }
    } finally {
      after.close();
    }
  }
  expect(seenControl).toBeGreaterThan(100);
}, 3_600_000);
