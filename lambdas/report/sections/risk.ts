import { bandName } from '../../wording/names.ts';
import { shareOf } from '../charts/rfm-map.ts';
import { riskHistogram } from '../charts/risk-histogram.ts';
import { type Html, html } from '../html.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

/** How the risk is spread over all buyers, with the bands and their cut-offs. */
export function risk(view: View): Html {
  const { data, format, labels, language } = view;
  if (data.bands.length === 0) return section(view, 'risk', paragraph(labels.none));
  const isRank = data.model.basis === 'rules';
  const bound = (value: number): Html => (isRank ? format.real(value, 2) : format.share(value * 100, 0));
  const scored = data.bands.reduce((sum, band) => sum + band.customers, 0);
  const days = format.days(data.horizon.horizon_days);
  return section(
    view,
    'risk',
    riskHistogram({ buckets: data.buckets, bands: data.bands, isRank, days }, format, language, labels.risk),
    tableView({
      caption: labels.risk.table,
      columns: [
        {
          head: labels.risk.columns.band,
          names: true,
          cell: (band) => html`<span class="chip band-${band.risk_band}">${bandName(language, band.risk_band)}</span>`,
        },
        {
          head: labels.risk.columns.range,
          numeric: true,
          cell: (band) => html`${bound(band.band_from)} – ${bound(band.band_to)}`,
        },
        { head: labels.risk.columns.customers, numeric: true, cell: (band) => format.count(band.customers) },
        {
          head: labels.risk.columns.share,
          numeric: true,
          cell: (band) => format.share(shareOf(band.customers, scored)),
        },
        { head: labels.risk.columns.value, numeric: true, cell: (band) => format.sum(band.value_at_risk, true) },
      ],
      rows: data.bands.toReversed(),
    }),
  );
}
