import { campaignResultLabels, isCampaignVerdict } from '../../wording/campaign-results.ts';
import { campaignName } from '../../wording/names.ts';
import { liftsChart, mostLifts, type ShownLift } from '../charts/lift-chart.ts';
import { type Html, html, type Part } from '../html.ts';
import type { CampaignResult } from '../report-data.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

const pool = 'all';

const looks = { worked: 'passed', harmed: 'failed', unfit: 'warned' } as const;
const lookOf = (verdict: string): string => (verdict in looks ? looks[verdict as keyof typeof looks] : '');

const moneyOf = (amount: number): bigint => BigInt(Math.round(amount * 10_000));

const judged = ({ treated, controls }: CampaignResult): number => treated + controls;

/** The pool first, then the campaigns by the customers judged; those that nobody has entered are left out. */
const shownRows = (rows: readonly CampaignResult[]): CampaignResult[] =>
  rows
    .filter((row) => row.campaign === pool || judged(row) + row.still_open > 0)
    .sort(
      (a, b) =>
        Number(b.campaign === pool) - Number(a.campaign === pool) ||
        judged(b) - judged(a) ||
        (a.campaign < b.campaign ? -1 : 1),
    );

/** Lift, revenue and verdict of every campaign against its control group, all together first. */
export function results(view: View): Html {
  const { data, format, language } = view;
  const words = campaignResultLabels(language);
  const rows = shownRows(data.results);
  const [all] = rows;
  if (!all || judged(all) === 0) return section(view, 'results', paragraph(all?.reason ?? words.none));
  const nameOf = (row: CampaignResult): string =>
    row.campaign === pool ? words.all : (row.name ?? campaignName(language, row.campaign));
  const arm = (reactivated: number, customers: number): Part => [
    format.count(customers),
    customers > 0 ? html` <small>${words.bought(format.whole(reactivated))}</small>` : null,
  ];
  const range = (low: string, high: string): Html => html` <small>${words.range(low, high)}</small>`;
  const lift = (row: CampaignResult): Part => {
    const { lift_points: points, lift_low: low, lift_high: high, relative_lift_pct: relative } = row;
    if (points === null || low === null || high === null) return format.real(null);
    return [
      html`<data value="${points}">${words.points(format.signed(points))}</data>`,
      range(format.signed(low), format.signed(high)),
      relative === null
        ? null
        : html` <small>${words.relative(`${relative < 0 ? '−' : '+'}${format.percent(Math.abs(relative), 0)}`)}</small>`,
    ];
  };
  const amount = (value: number): string => format.money(moneyOf(value));
  const revenue = ({ revenue_lift: value, revenue_lift_low: low, revenue_lift_high: high }: CampaignResult): Part =>
    value === null
      ? format.real(null)
      : [format.sum(moneyOf(value)), low === null || high === null ? null : range(amount(low), amount(high))];
  const remarks = (row: CampaignResult): Part => [
    row.still_open > 0 && judged(row) > 0 ? html`<small>${words.open(format.whole(row.still_open))}</small>` : null,
    row.contaminated > 0 ? html`<small>${words.contaminated(format.whole(row.contaminated))}</small>` : null,
  ];
  const lifts = rows.flatMap((row): ShownLift[] =>
    row.verdict === 'unfit' || row.lift_points === null || row.lift_low === null || row.lift_high === null
      ? []
      : [{ name: nameOf(row), lift: row.lift_points, low: row.lift_low, high: row.lift_high }],
  );
  return section(
    view,
    'results',
    ...(lifts.length > 0 ? [liftsChart(lifts.slice(0, mostLifts), format, words)] : []),
    tableView<CampaignResult>({
      caption: words.caption,
      note: words.note(format.days(all.window_days)),
      columns: [
        { head: words.columns.campaign, names: true, cell: (row) => [nameOf(row), remarks(row)] },
        {
          head: words.columns.verdict,
          cell: (row) =>
            html`<span class="chip ${lookOf(row.verdict)}">${isCampaignVerdict(row.verdict) ? words.verdicts[row.verdict] : row.verdict}</span>`,
        },
        { head: words.columns.treated, numeric: true, cell: (row) => arm(row.treated_reactivated, row.treated) },
        { head: words.columns.controls, numeric: true, cell: (row) => arm(row.controls_reactivated, row.controls) },
        { head: words.columns.lift, numeric: true, cell: lift },
        { head: words.columns.revenue, numeric: true, cell: revenue },
        {
          head: words.columns.profit,
          numeric: true,
          cell: (row) => [
            format.sum(row.incremental_profit, true),
            row.incremental_profit === null ? null : html` <small>${words.cost(format.money(row.cost, true))}</small>`,
          ],
        },
        {
          head: words.columns.smallest,
          numeric: true,
          cell: ({ smallest_lift_points: points }) =>
            points === null
              ? format.real(null)
              : html`<data value="${points}">${words.points(format.fixed(points, 1))}</data>`,
        },
      ],
      rows,
      cards: true,
    }),
    html`<ul class="small">${rows.map((row) => html`<li><b>${nameOf(row)}</b> ${row.reason}</li>`)}</ul>\n`,
  );
}
