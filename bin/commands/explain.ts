import { date, integer, type RowOf } from '../../lambdas/lake/column.ts';
import { isoDate } from '../../lambdas/lake/day.ts';
import { customerFeatures } from '../../lambdas/lake/tables/features.ts';
import { churnScores, models } from '../../lambdas/lake/tables/model.ts';
import { publishedNights } from '../../lambdas/night/published.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';
import { exitCodes, NothingToDo, UsageError } from '../../lambdas/platform/errors.ts';
import { possibleKeys } from '../../lambdas/platform/person-keys.ts';
import { rowsOf } from '../../lambdas/platform/query-engine.ts';
import { bind, sqlFile } from '../../lambdas/platform/statement.ts';
import { amountText } from '../../lambdas/publish/files/cells.ts';
import { type Explanation, explainCustomer, tenths } from '../../lambdas/score/explain-customer.ts';
import { counted, plural } from '../../lambdas/wording/counts.ts';
import { bandName, methodName, segmentName } from '../../lambdas/wording/names.ts';
import { reasonSentence } from '../../lambdas/wording/reasons.ts';
import { type Command, configOption, jsonOption, lakeOption } from '../command.ts';
import { lakeFolder, openLocalLake, readConfig } from '../local-lake.ts';
import type { Terminal } from '../terminal.ts';
import { campaignLine, campaignsOf, type OwnCampaign } from './explain-campaigns.ts';

const explainSql = sqlFile(import.meta.url, 'explain.sql');
const featuresSql = sqlFile(import.meta.url, 'explain-features.sql');

const f = customerFeatures.columns;
const s = churnScores.columns;

const explained = {
  columns: {
    customer_key: f.customer_key,
    as_of: date('The night.'),
    segment: f.segment,
    recency_score: f.recency_score,
    frequency_score: f.frequency_score,
    monetary_score: f.monetary_score,
    first_order_on: f.first_order_on,
    last_order_on: f.last_order_on,
    recency_days: f.recency_days,
    orders: f.orders,
    frequency: f.frequency,
    monetary_value: f.monetary_value,
    refunded_amount: f.refunded_amount,
    favourite_category: f.favourite_category,
    churn_probability: s.churn_probability,
    basis: s.basis,
    model_id: s.model_id,
    verdict: models.columns.verdict,
    reason: models.columns.reason,
    trained_on: models.columns.trained_on,
    risk_band: s.risk_band,
    horizon_days: integer('H.'),
    spend_if_active: s.spend_if_active,
    value_at_risk: s.value_at_risk,
    p_alive: s.p_alive,
    average_gap_days: s.average_gap_days,
    expected_next_order_on: s.expected_next_order_on,
    reason_1_code: s.reason_1_code,
    reason_1_value: s.reason_1_value,
    reason_1_points: s.reason_1_points,
    reason_2_code: s.reason_2_code,
    reason_2_value: s.reason_2_value,
    reason_2_points: s.reason_2_points,
    reason_3_code: s.reason_3_code,
    reason_3_value: s.reason_3_value,
    reason_3_points: s.reason_3_points,
  },
  key: ['customer_key'],
};

type Explained = RowOf<typeof explained.columns>;

/** A customer's row with their score taken apart. */
interface Told {
  readonly row: Explained;
  readonly score: Explanation;
  readonly campaigns: readonly OwnCampaign[];
}

async function takeApart(lake: IdentifyingContext, rows: readonly Explained[]): Promise<Told[]> {
  const keys = [...new Set(rows.map((row) => row.customer_key))].map((token) => [{ token }]);
  const features = await rowsOf(lake.engine, featuresSql({ keys: { rows: keys } }), customerFeatures);
  const told: Told[] = [];
  for (const row of rows) {
    const own = features.find((one) => one.customer_key === row.customer_key);
    if (!own) throw new NothingToDo(`no features of ${row.customer_key} in the current night`, 'Run the night again.');
    const stored = { probability: row.churn_probability, modelId: row.model_id, horizonDays: row.horizon_days };
    const score = await explainCustomer(lake.store, own, stored);
    told.push({ row, score, campaigns: await campaignsOf(lake, row.customer_key) });
  }
  return told;
}

const signed = (points: number): string => `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}`;

const shownValue = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** Every part of the score on a line of its own; the figures printed add up to the score printed. */
function partLines({ score }: Told, { config }: IdentifyingContext, isRank: boolean): string[] {
  const { language, currency } = config.shop;
  const [base = 0, ...points] = tenths(
    [score.base, ...score.groups.map((group) => group.points)],
    100 * score.probability,
  );
  const unit = isRank ? ' of 100' : ' points';
  const said = new Set<string>();
  const parts = score.groups.map(({ code, number, features }, i) => {
    const values = features.map(({ feature, value }) => `${feature} ${shownValue(value)}`).join(', ');
    const sentence = code === null ? '' : `${reasonSentence(language, code, number ?? 0, currency)}  `;
    const shown = said.has(sentence) ? '' : sentence;
    said.add(sentence);
    return `    ${signed(points[i] ?? 0).padStart(6)}${unit}  ${shown}(${values})`;
  });
  const average = isRank ? 'after exactly one own gap' : 'the average customer';
  const whole = Math.round(1000 * score.probability) / 10;
  return [
    `    ${base.toFixed(1).padStart(6)}${unit}  ${average}`,
    ...parts,
    `    ${whole.toFixed(1).padStart(6)}${unit}  in all`,
  ];
}

function print(told: Told, lake: IdentifyingContext, terminal: Terminal): void {
  const { row } = told;
  const { language } = lake.config.shop;
  const isRank = row.basis === 'rules';
  const figure = isRank ? row.churn_probability.toFixed(2) : `${(row.churn_probability * 100).toFixed(1)}%`;
  const what = isRank
    ? 'on a scale from 0 to 1: a rank by rule, not a probability'
    : `risk of no purchase in the ${row.horizon_days} days after ${isoDate(row.as_of)}`;
  terminal.line(
    `  ${terminal.style('bold', figure)} ${what} (${bandName(language, row.risk_band)}; ${methodName(language, row.basis)})`,
  );
  for (const line of partLines(told, lake, isRank)) terminal.line(line);
  terminal.line();
  terminal.line(
    `  ${segmentName(language, row.segment)} (R${row.recency_score} F${row.frequency_score} M${row.monetary_score}), ${plural(row.orders, 'order')} on ${plural(row.frequency, 'day')} from ${isoDate(row.first_order_on)} to ${isoDate(row.last_order_on)}, ${plural(row.recency_days, 'day')} ago`,
  );
  terminal.line(
    `  spent ${amountText(row.monetary_value)} net, ${amountText(row.refunded_amount)} refunded; would spend ${amountText(row.spend_if_active)} if active, ${amountText(row.value_at_risk)} at risk`,
  );
  if (row.average_gap_days !== null)
    terminal.line(
      `  buys every ${plural(Math.round(row.average_gap_days), 'day')} on average${row.expected_next_order_on === null ? '' : `, next due ${isoDate(row.expected_next_order_on)}`}`,
    );
  if (row.favourite_category) terminal.line(`  favourite category: ${row.favourite_category}`);
  const lines = told.campaigns.length === 0 ? ['in no campaign'] : told.campaigns.map(campaignLine);
  for (const line of lines) terminal.line(`  ${line}`);
  terminal.line(`  model ${row.model_id} of ${isoDate(row.trained_on)}, ${row.verdict}: ${row.reason}`);
  terminal.line(`  key ${row.customer_key}`);
}

const asJson = ({ row, score, campaigns }: Told) => ({
  ...row,
  as_of: isoDate(row.as_of),
  first_order_on: isoDate(row.first_order_on),
  last_order_on: isoDate(row.last_order_on),
  trained_on: isoDate(row.trained_on),
  expected_next_order_on: row.expected_next_order_on === null ? null : isoDate(row.expected_next_order_on),
  campaigns: campaigns.map((own) => ({ ...own, entered_on: isoDate(own.entered_on) })),
  monetary_value: amountText(row.monetary_value),
  refunded_amount: amountText(row.refunded_amount),
  spend_if_active: amountText(row.spend_if_active),
  value_at_risk: amountText(row.value_at_risk),
  score: { base_points: score.base, parts: score.groups },
});

const beginningSql = `
select customer_key
from customer_features
where substr(customer_key, 1, :characters) = :beginning`;

/**
 * The key that a word is the beginning of, as the report shows it; null where no buyer's key begins so. Shorter ones than
 * eight characters may as well be a customer number, which must not stand for a stranger.
 * @throws UsageError when several do
 */
async function keyBeginning(lake: IdentifyingContext, word: string): Promise<string | null> {
  const [, beginning] = /^([0-9a-f]{8,31})(?:…|\.\.\.)?$/.exec(word.trim().toLowerCase()) ?? [];
  if (beginning === undefined) return null;
  const { customer_key } = customerFeatures.columns;
  const found = await rowsOf(
    lake.engine,
    bind('explain-beginning', beginningSql, {
      characters: { integer: beginning.length },
      beginning: { token: beginning },
    }),
    { columns: { customer_key }, key: ['customer_key'] },
  );
  if (found.length > 1) {
    throw new UsageError(
      `the keys of ${counted(found.length)} buyers begin with ${beginning}`,
      'Give more of the key; all of it is customer_key of the tables and lists.',
    );
  }
  return found[0]?.customer_key ?? null;
}

/** Buyers whom a word may stand for: as the shop knows them, else by the beginning of their key. */
async function buyersFor(lake: IdentifyingContext, word: string): Promise<Explained[]> {
  const byKeys = (keys: readonly string[]) =>
    keys.length === 0
      ? Promise.resolve([])
      : rowsOf(lake.engine, explainSql({ keys: { rows: keys.map((token) => [{ token }]) } }), explained);
  const rows = await byKeys(possibleKeys(lake, word));
  if (rows.length > 0) return rows;
  const key = await keyBeginning(lake, word);
  return key === null ? [] : byKeys([key]);
}

export const explain: Command = {
  name: 'explain',
  usage: 'explain CUSTOMER [--lake DIR] [--config FILE]',
  summary:
    "Why a customer has their score: CUSTOMER is the shop's customer id, an e-mail, a phone number or a key, or its beginning.",
  options: { lake: lakeOption, config: configOption, json: jsonOption },
  async run(given, terminal) {
    const [word] = given.words;
    if (!word) throw new UsageError('no customer is named', 'For example: winback explain 13085.');
    const lake = await openLocalLake(lakeFolder(given), await readConfig(given), terminal, true);
    try {
      const { nights } = await publishedNights(lake.store);
      if (nights.length === 0)
        throw new NothingToDo('no night has been published in this lake', 'Run winback run --orders FILE… first.');
      const rows = await buyersFor(lake, word);
      if (rows.length === 0) {
        throw new NothingToDo(
          `no buyer ${JSON.stringify(word)} in the current night`,
          'Use the customer id, e-mail or phone as exported, and the --config of the run: the shop name is part of an id.',
        );
      }
      const told = await takeApart(lake, rows);
      terminal.json({ customers: told.map(asJson) });
      for (const one of told) print(one, lake, terminal);
      return exitCodes.ok;
    } finally {
      lake.close();
    }
  },
};
