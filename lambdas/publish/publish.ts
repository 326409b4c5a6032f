import { createHash } from 'node:crypto';
import { count } from '../lake/column.ts';
import { isoDate } from '../lake/day.ts';
import { publishedPrefix, reportKey } from '../lake/zones.ts';
import type { StepInput, StepOutputs } from '../pipeline.ts';
import type { Context } from '../platform/context.ts';
import { writeJson } from '../platform/json-objects.ts';
import { liveIngests, type Receipt } from '../platform/live-ingests.ts';
import { rowsOf } from '../platform/query-engine.ts';
import { runParameters, sqlFile } from '../platform/statement.ts';
import { settleCustomers } from './customers.ts';
import { campaignDefinitions } from './definitions.ts';
import { earlierResults } from './earlier-results.ts';
import { type WrittenLists, writeLists } from './lists.ts';
import { type Manifest, manifestVersion } from './manifest.ts';
import { settleMembership } from './membership.ts';

const suppressedSql = sqlFile(import.meta.url, 'suppressed.sql');

/** The second watermark as the manifest states it: how many ingests were live when the lists were made, and which. */
function watermarkOf(live: readonly Receipt[]): Manifest['watermark'] {
  const ids = live.map((receipt) => receipt.ingest_id).sort();
  return { ingests: ids.length, sha256: createHash('sha256').update(ids.join('\n')).digest('hex') };
}

async function manifestOf(
  { engine, config }: Context,
  { night, horizon, train }: StepInput<'publish'>,
  live: readonly Receipt[],
  written: WrittenLists,
): Promise<Manifest> {
  const [suppressed] = await rowsOf(engine, suppressedSql(runParameters(night.run)), {
    columns: { people: count('People who are suppressed.') },
    key: ['people'],
  });
  return {
    version: manifestVersion,
    as_of: isoDate(night.run.asOf),
    run_id: night.run.runId,
    horizon_days: horizon.horizonDays,
    currency: night.currency,
    score_basis: train.basis,
    model_id: train.modelId,
    model_verdict: train.verdict,
    model_reason: train.reason,
    control_pct: config.publish.control_pct,
    unknown_consent: config.publish.unknown_consent,
    watermark: watermarkOf(live),
    suppressions: suppressed?.people ?? 0,
    ...written,
    report: reportKey(night.run),
  };
}

/**
 * Scores → people with their contact data, segments moved, campaigns with their members and arms, the files of every
 * list and the manifest that names them all. Nothing is visible to readers until the commit.
 */
export async function publish(context: Context, input: StepInput<'publish'>): Promise<StepOutputs['publish']> {
  const { night, horizon } = input;
  await settleCustomers(context, night.run);
  const live = await liveIngests(context.store);
  const earlier = await earlierResults(context, night);
  const definitions = campaignDefinitions(context.config, horizon.horizonDays, earlier.lift);
  await settleMembership(context, input, definitions, live);
  const written = await writeLists(context, night, definitions, earlier);
  const manifest = await manifestOf(context, input, live, written);
  const manifestKey = `${publishedPrefix(night.run)}manifest.json`;
  await writeJson(context.store, manifestKey, manifest);
  return {
    manifestKey,
    lists: manifest.lists.map(({ campaign, rows, new_members }) => ({ campaign, rows, newMembers: new_members })),
    control: manifest.lists.reduce((sum, list) => sum + list.control, 0),
  };
}
