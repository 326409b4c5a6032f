import { shareOf } from '../charts/rfm-map.ts';
import { type Html, html, type Part } from '../html.ts';
import type { PeriodRow } from '../report-data.ts';
import { section, type View } from '../view.ts';

interface Tile {
  readonly id: string;
  readonly name: string;
  readonly figure: Part;
  readonly notes: readonly Part[];
  readonly tone?: 'alarm';
}

const tile = ({ id, name, figure, notes, tone }: Tile): Html =>
  html`<div class="tile ${tone ?? ''}" id="tile-${id}"><dt>${name}</dt><dd class="figure">${figure}</dd>${notes.map(
    (note) => html`<dd class="note">${note}</dd>`,
  )}</div>
`;

function buyersTile({ data, format, labels }: View): Tile {
  const buyers = data.rfm.reduce((sum, cell) => sum + cell.customers, 0);
  return {
    id: 'buyers',
    name: labels.overview.buyers,
    figure: format.count(buyers),
    notes: [labels.overview.buyersNote],
  };
}

function highRiskTiles({ data, format, labels }: View): Tile[] {
  const scored = data.bands.reduce((sum, band) => sum + band.customers, 0);
  const high = data.bands.find((band) => band.risk_band === 'high');
  const isRank = data.model.basis === 'rules';
  const from = high?.band_from ?? 0;
  const share = format.percent(shareOf(high?.customers ?? 0, scored) ?? 0);
  const note = isRank
    ? labels.overview.highRankNote(share, format.decimal(from, 2))
    : labels.overview.highRiskNote(share, format.percent(from * 100, 0));
  return [
    {
      id: 'high-risk',
      name: labels.overview.highRisk,
      figure: format.count(high?.customers ?? 0),
      notes: high ? [note] : [],
      tone: 'alarm',
    },
    {
      id: 'value-at-risk',
      name: labels.overview.valueAtRisk,
      figure: format.sum(high?.value_at_risk ?? 0n, true),
      notes: [labels.overview.valueAtRiskNote(format.days(data.horizon.horizon_days))],
      tone: 'alarm',
    },
  ];
}

function crrNote(period: PeriodRow, { format, labels }: View): string[] {
  if (period.crr_pct === null) return [];
  const crr = format.percent(period.crr_pct);
  return period.crr_counts_reactivated
    ? [labels.overview.crrDiffers(crr, format.whole(period.customers_reactivated ?? 0))]
    : [labels.overview.crrSame(crr)];
}

function retainedTile(view: View): Tile {
  const { data, format, labels } = view;
  const period = data.periods.find((row) => row.period_kind === 'horizon');
  const notes =
    period && period.retained_pct !== null
      ? [
          labels.overview.retainedNote(
            format.whole(period.customers_start),
            format.longDate(period.period_start),
            format.longDate(period.period_end),
          ),
          ...crrNote(period, view),
          ...(period.is_left_censored ? [`${labels.retention.censored}.`] : []),
        ]
      : [labels.overview.retainedNone];
  return { id: 'retained', name: labels.overview.retained, figure: format.share(period?.retained_pct ?? null), notes };
}

function repeatTile({ data, format, labels }: View): Tile {
  const metric = data.metrics.find((row) => row.metric === 'repeat_customer_rate_pct');
  const again = metric?.numerator ?? null;
  const all = metric?.denominator ?? null;
  return {
    id: 'repeat',
    name: labels.overview.repeat,
    figure: format.share(metric?.value ?? null),
    notes: again === null || all === null ? [] : [labels.overview.repeatNote(format.whole(again), format.whole(all))],
  };
}

function listedTile({ data, format, labels }: View): Tile {
  const membersOf = (arm: string) =>
    data.lists.filter((row) => row.arm === arm).reduce((sum, row) => sum + row.members, 0);
  return {
    id: 'listed',
    name: labels.overview.listed,
    figure: format.count(membersOf('treatment')),
    notes: [labels.overview.listedNote(format.whole(membersOf('control')))],
  };
}

function evidence({ data, format, labels }: View): Html {
  const { horizon, model } = data;
  const words = labels.overview;
  const gaps =
    horizon.gap_p50_days !== null && horizon.gap_p90_days !== null
      ? [words.gaps(format.days(Math.round(horizon.gap_p50_days)), format.days(Math.round(horizon.gap_p90_days)))]
      : [];
  const back = horizon.resurrection_pct === null ? [] : [words.resurrection(format.percent(horizon.resurrection_pct))];
  const active = words.activeMeans(format.days(horizon.active_window_days));
  const alarms = data.input.train.gates.filter((gate) => gate.verdict === 'warned').map((gate) => gate.message);
  const basis = [words.basis[data.input.train.basis], words.verdict[data.input.train.verdict]];
  return html`<div class="evidence">
<div><p class="lead">${words.lostMeans(format.days(horizon.horizon_days))}</p><p>${[active, ...gaps, ...back].join(' ')}</p><p class="quote">${horizon.rule}</p></div>
<div><p class="lead">${basis[0] ?? ''}</p><p>${basis[1] ?? ''}</p><p class="quote">${model.reason}</p>${alarms.map((message) => html`<p class="quote hold">${message}</p>`)}</div>
</div>
`;
}

/** The figures that a person reads first, and what they rest on. */
export const overview = (view: View): Html =>
  section(
    view,
    'overview',
    html`<dl class="tiles">
${[buyersTile(view), ...highRiskTiles(view), retainedTile(view), repeatTile(view), listedTile(view)].map(tile)}</dl>
`,
    evidence(view),
  );
