import { join } from 'node:path';
import type { Receipt } from '../lambdas/ingest/write/receipt.ts';
import { count, optionalReal, text } from '../lambdas/lake/column.ts';
import { noCurrency } from '../lambdas/lake/currency.ts';
import { isoDate } from '../lambdas/lake/day.ts';
import type { FileKind } from '../lambdas/lake/file-kinds.ts';
import type { Night, StepOutputs } from '../lambdas/pipeline.ts';
import { rowsOf } from '../lambdas/platform/query-engine.ts';
import { bind, runParameters } from '../lambdas/platform/statement.ts';
import type { Manifest } from '../lambdas/publish/manifest.ts';
import { counted, plural } from '../lambdas/wording/counts.ts';
import type { LocalLake } from './local-lake.ts';
import { type Terminal, tableLines } from './terminal.ts';

interface Finished {
  readonly lake: LocalLake;
  readonly receipts: readonly Receipt[];
  readonly night: Night;
  readonly outputs: StepOutputs;
  readonly manifest: Manifest | null;
  readonly seconds: number;
}

type DayColumn = 'first_order_date' | 'last_order_date';

/** A receipt as programs read it: days as YYYY-MM-DD, totals as an object by currency. */
export type FileSummary = Omit<Receipt, DayColumn | 'totals'> &
  Readonly<Record<DayColumn, string | null>> & { readonly totals: unknown };

const dayText = (day: number | null): string | null => (day === null ? null : isoDate(day));

export const fileSummary = (receipt: Receipt): FileSummary => ({
  ...receipt,
  first_order_date: dayText(receipt.first_order_date),
  last_order_date: dayText(receipt.last_order_date),
  totals: JSON.parse(receipt.totals),
});

/** What a run of the command line tells, as data. */
export interface NightSummary {
  readonly as_of: string;
  readonly run_id: string;
  readonly published: boolean;
  readonly lake: string;
  readonly report: string;
  readonly manifest: string;
  readonly currency: string;
  readonly files: readonly FileSummary[];
  readonly orders: StepOutputs['curate'];
  readonly buyers: number;
  readonly risk: StepOutputs['score'];
  readonly horizon_days: number;
  readonly retention: {
    readonly retained_pct: number | null;
    readonly crr_pct: number | null;
    readonly customers_start: number | null;
  };
  readonly model: StepOutputs['train'];
  readonly warnings: readonly string[];
  readonly lists: Manifest['lists'];
  readonly seconds: number;
}

const horizonRetention = `
select cohort, customers_start, retained_pct, crr_pct
from retention_by_period_runs
where as_of = :as_of and run_id = :run_id and cohort = 'all' and period_kind = 'horizon'`;

function warningsOf({ gates, train, commit }: StepOutputs): string[] {
  const warned = [...gates.gates, ...train.gates]
    .filter((gate) => gate.verdict === 'warned')
    .map((gate) => gate.message);
  if (commit.replacedLater === null) return warned;
  const later = isoDate(commit.replacedLater);
  return [
    ...warned,
    `this night is older than that of ${later}, which was current; winback rollback ${later} brings it back`,
  ];
}

export async function nightSummary(finished: Finished): Promise<NightSummary> {
  const { lake, night, outputs, manifest } = finished;
  const [kept] = await rowsOf(lake.engine, bind('horizon-retention', horizonRetention, runParameters(night.run)), {
    columns: {
      cohort: text(''),
      customers_start: count(''),
      retained_pct: optionalReal(''),
      crr_pct: optionalReal(''),
    },
    key: ['cohort'],
  });
  return {
    as_of: isoDate(night.run.asOf),
    run_id: night.run.runId,
    published: outputs.commit.published,
    lake: lake.root,
    report: join(lake.root, outputs.report.reportKey),
    manifest: join(lake.root, outputs.publish.manifestKey),
    currency: night.currency,
    files: finished.receipts.map(fileSummary),
    orders: outputs.curate,
    buyers: outputs.features.buyers,
    risk: outputs.score,
    horizon_days: outputs.horizon.horizonDays,
    retention: {
      retained_pct: kept?.retained_pct ?? null,
      crr_pct: kept?.crr_pct ?? null,
      customers_start: kept?.customers_start ?? null,
    },
    model: outputs.train,
    warnings: warningsOf(outputs),
    lists: manifest?.lists ?? [],
    seconds: Math.round(finished.seconds * 10) / 10,
  };
}

const verdicts: Readonly<Record<StepOutputs['train']['verdict'], string>> = {
  promoted: 'a newly trained model',
  kept: 'the model of an earlier night',
  baseline: 'the best baseline, because the new model did not hold up against it',
  not_enough_data: 'rules, because there is not enough data for a model',
};

const acceptedNames: Readonly<Record<FileKind, readonly [one: string, many: string]>> = {
  orders: ['order', 'orders'],
  surveys: ['record with answers', 'records with answers'],
  suppressions: ['suppression', 'suppressions'],
  lifts: ['lifted suppression', 'lifted suppressions'],
};

/** How many records a file's kind makes something of, with what they are: "3 orders". */
export const acceptedText = (kind: string, accepted: number): string =>
  plural(accepted, ...(Object.entries(acceptedNames).find(([name]) => name === kind)?.[1] ?? acceptedNames.orders));

export function ingestLines(receipts: readonly Omit<Receipt, DayColumn | 'totals'>[]): string[] {
  return receipts.map((r) => {
    const parts = [
      acceptedText(r.kind, r.orders_accepted + r.people_accepted),
      ...(r.lines_folded ? [`${plural(r.lines_folded, 'further line')} folded in`] : []),
      ...(r.duplicates ? [plural(r.duplicates, 'repeat')] : []),
      ...(r.rejected ? [`${counted(r.rejected)} rejected`] : []),
    ];
    return `  ${r.file_name}: ${plural(r.records_read, 'record')} read = ${parts.join(' + ')}  (${r.layout}, ${r.encoding})`;
  });
}

function orderLines({ orders }: NightSummary): string[] {
  const superseded =
    orders.supersededOrders > 0
      ? `; told again by another file and counted once: ${plural(orders.supersededOrders, 'order')}, ${plural(orders.supersededLines, 'line')}`
      : '';
  return [
    `  ${plural(orders.orders, 'order')} of ${plural(orders.customers, 'customer')}${superseded}`,
    ...(orders.ordersWithoutCustomer > 0
      ? [`  ${plural(orders.ordersWithoutCustomer, 'order')} without a customer: in revenue, not in customer figures`]
      : []),
  ];
}

const percent = (value: number | null): string => (value === null ? 'not known' : `${value.toFixed(1)}%`);

function keptLine({ retention, horizon_days }: NightSummary): string {
  const { retained_pct, crr_pct, customers_start } = retention;
  if (retained_pct === null) return `  Retention over the last ${horizon_days} days: not enough data`;
  return `  Of ${plural(customers_start ?? 0, 'active customer')} ${horizon_days} days ago, ${percent(retained_pct)} are still active (textbook CRR ${percent(crr_pct)})`;
}

function riskLine({ buyers, risk, model, horizon_days }: NightSummary, terminal: Terminal): string {
  const bands = `${counted(risk.high)} at high risk, ${counted(risk.medium)} at medium, ${counted(risk.low)} at low`;
  const ofWhat =
    model.basis === 'rules'
      ? 'by rule: a rank, not a probability'
      : `of buying nothing in the next ${horizon_days} days`;
  return `  ${terminal.style('bold', plural(buyers, 'buyer'))}: ${bands} ${ofWhat}`;
}

/** Places of people who fit a campaign and are not on its list, by reason: nobody is left out in silence. */
function leftOutLines({ lists }: NightSummary): string[] {
  const places = new Map<string, number>();
  for (const { excluded } of lists) {
    for (const [reason, people] of Object.entries(excluded)) places.set(reason, (places.get(reason) ?? 0) + people);
  }
  if (places.size === 0) return [];
  const parts = [...places].sort((a, b) => b[1] - a[1]).map(([reason, people]) => `${counted(people)} ${reason}`);
  return [`  Fit a campaign and are not on its list: ${parts.join(', ')}`];
}

/** The summary as a person reads it. */
export function summaryLines(summary: NightSummary, terminal: Terminal): string[] {
  const { model, currency } = summary;
  const unit = currency === noCurrency ? '' : ` ${currency}`;
  const lists = summary.lists.map((list) => [
    list.campaign,
    counted(list.rows),
    counted(list.new_members),
    counted(list.control),
    `${list.value_at_risk}${unit}`,
    list.offer,
  ]);
  return [
    '',
    terminal.style('bold', `Night of ${summary.as_of}`),
    ...ingestLines(summary.files),
    ...orderLines(summary),
    ...summary.warnings.map((warning) => `  ${terminal.style('yellow', 'note')}: ${warning}`),
    '',
    riskLine(summary, terminal),
    keptLine(summary),
    `  Scores rest on ${verdicts[model.verdict]}`,
    `    ${model.reason}`,
    '',
    terminal.style('bold', 'Lists'),
    ...tableLines(['campaign', 'people', 'new', 'control', 'value at risk', 'offer'], lists),
    ...leftOutLines(summary),
    '',
    `  Lists   ${join(summary.manifest, '..')}`,
    `  Report  ${summary.report}`,
    '',
    summary.published
      ? `  Published in ${summary.seconds} s. To copy the lists: winback lists pull --lake ${summary.lake} --out DIR`
      : `  Nothing changed since this night was published; done in ${summary.seconds} s.`,
  ];
}
