import { join } from 'node:path';
import { writeDemoShop } from '../../bin/demo/write-demo-shop.ts';
import { ingestAll, namedExports } from '../../bin/ingest-files.ts';
import { openLocalLake, readConfigFile } from '../../bin/local-lake.ts';
import { runNight } from '../../bin/night.ts';
import { openTerminal } from '../../bin/terminal.ts';
import { optionalText } from '../../lambdas/lake/column.ts';
import { parseIsoDate } from '../../lambdas/lake/day.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { churnScores } from '../../lambdas/lake/tables/model.ts';
import { claim } from '../../lambdas/night/claim.ts';
import type { Context } from '../../lambdas/platform/context.ts';
import type { QueryEngine } from '../../lambdas/platform/query-engine.ts';
import { sqlFile } from '../../lambdas/platform/statement.ts';
import { type RecordingEngine, recordingEngine } from './record.ts';

/** A lake after two nights, the engine that made it, and what was asked of it. */
export interface RecordedLake {
  readonly root: string;
  readonly duckDb: QueryEngine;
  readonly recorded: RecordingEngine;
  close(): void;
}

const explainSql = sqlFile(import.meta.url, '../../bin/commands/explain.sql');
const explainFeaturesSql = sqlFile(import.meta.url, '../../bin/commands/explain-features.sql');

/** Asks for a few customers what `winback explain` asks; it reads published views only. */
async function explainSome(context: Context): Promise<void> {
  const { customer_key, segment } = customerFeatures.columns;
  const { churn_probability, value_at_risk, reason_1_code } = churnScores.columns;
  const buyers = { name: 'some-buyers', sql: 'select customer_key from customer_features order by 1 limit 20' };
  const keys: { token: string }[][] = [];
  for await (const row of context.engine.stream(buyers, { columns: { customer_key }, key: ['customer_key'] })) {
    keys.push([{ token: row.customer_key }]);
  }
  const statement = { ...explainSql({ keys: { rows: keys } }), name: 'explain' };
  const columns = {
    customer_key,
    segment,
    churn_probability,
    value_at_risk,
    reason_1_code,
    campaign: optionalText(''),
  };
  const shape = { columns, key: ['customer_key', 'campaign'] };
  for await (const _ of context.engine.stream(statement, shape));
  const features = { ...explainFeaturesSql({ keys: { rows: keys } }), name: 'explain-features' };
  for await (const _ of context.engine.stream(features, customerFeatures));
}

/**
 * Simulates a shop, ingests its exports and runs two nights a month apart, so that statements about the night before
 * have one and what the first foretold has come true or not. The forest is kept small: it takes no part in what is
 * compared.
 */
export async function recordedNights(folder: string, customers: number): Promise<RecordedLake> {
  const shop = await writeDemoShop(join(folder, 'shop'), { customers });
  const root = join(folder, 'lake');
  const settings = await readConfigFile(shop.configFile);
  const config = {
    ...settings,
    horizon: { ...settings.horizon, days: 28 },
    model: { ...settings.model, trees: 20, min_buyers: 100 },
  };
  const lake = await openLocalLake(root, config, openTerminal(true, false), false);
  const recorded = recordingEngine(lake.engine);
  const context = { ...lake, engine: recorded };
  await ingestAll(context, await namedExports(shop.exportFiles.map((path) => ({ path, kind: 'orders' }))));
  const last = parseIsoDate(shop.asOf) ?? 0;
  for (const asOf of [last - 30, last]) await runNight(context, await claim(context, asOf));
  await explainSome(context);
  return { root, duckDb: lake.engine, recorded, close: lake.close };
}
