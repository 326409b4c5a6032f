import { bandName, campaignName } from '../../wording/names.ts';
import { isReasonCode } from '../../wording/reason-codes.ts';
import { reasonSentence } from '../../wording/reasons.ts';
import { type Html, html, type Part } from '../html.ts';
import type { AtRiskCustomer } from '../report-data.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

const keyCharacters = 10;

/** Nobody is lost for certain: the ends of the scale are told with a decimal. */
const digitsOf = (probability: number): number => (probability > 0.01 && probability < 0.99 ? 0 : 1);

/** The beginning of the pseudonym, by which the customer is found in the people file. */
const nameOf = (customer: AtRiskCustomer): Html =>
  html`<abbr class="id" title="${customer.customer_key}">${customer.customer_key.slice(0, keyCharacters)}…</abbr>`;

function reasonsOf(customer: AtRiskCustomer, { data, format, labels, language }: View): Html {
  const reasons = [
    { code: customer.reason_1_code, value: customer.reason_1_value, points: customer.reason_1_points },
    { code: customer.reason_2_code, value: customer.reason_2_value, points: customer.reason_2_points },
    { code: customer.reason_3_code, value: customer.reason_3_value, points: customer.reason_3_points },
  ];
  const items = reasons.flatMap(({ code, value, points }) => {
    if (code === null) return [];
    const { currency } = data.input.night;
    const sentence = isReasonCode(code) && value !== null ? reasonSentence(language, code, value, currency) : code;
    const weight = points === null ? null : html` <small>${labels.customers.points(format.signed(points, 0))}</small>`;
    return [html`<li>${sentence}${weight}</li>`];
  });
  return items.length > 0 ? html`<ul>${items}</ul>` : html`<span class="missing">–</span>`;
}

function listOf(customer: AtRiskCustomer, { labels, language }: View): Part {
  if (customer.control_places > 0) return html`<strong class="hold">${labels.customers.control}</strong>`;
  if (customer.excluded_places > 0) return html`<strong class="hold">${labels.customers.excluded}</strong>`;
  if (customer.campaign === null) return html`<span class="missing">${labels.customers.onNoList}</span>`;
  const name = campaignName(language, customer.campaign);
  return customer.list_place === null ? name : html`${name} <small>#${customer.list_place}</small>`;
}

/** The customers with most to lose: who, how likely, why, and whether they may be contacted. Never contact data. */
export function customers(view: View): Html {
  const { data, format, labels, language } = view;
  const words = labels.customers;
  if (data.customers.length === 0) return section(view, 'customers', paragraph(labels.none));
  const isRank = data.model.basis === 'rules';
  const inRisk = data.bands.filter((band) => band.risk_band !== 'low').reduce((sum, band) => sum + band.customers, 0);
  return section(
    view,
    'customers',
    tableView({
      caption: words.caption(format.whole(data.customers.length), format.whole(inRisk)),
      note: words.note,
      columns: [
        { head: words.columns.customer, names: true, cell: nameOf },
        {
          head: isRank ? words.columns.rank : words.columns.risk,
          numeric: true,
          cell: (row) => [
            isRank
              ? format.real(row.churn_probability, 2)
              : format.share(row.churn_probability * 100, digitsOf(row.churn_probability)),
            html` <span class="chip band-${row.risk_band}">${bandName(language, row.risk_band)}</span>`,
          ],
        },
        { head: words.columns.value, numeric: true, cell: (row) => format.sum(row.value_at_risk) },
        {
          head: words.columns.last,
          cell: (row) => [
            format.day(row.last_order_on),
            html` <small>${words.daysAgo(format.days(row.recency_days))}</small>`,
          ],
        },
        {
          head: words.columns.category,
          cell: (row) => row.favourite_category ?? html`<span class="missing">–</span>`,
        },
        { head: words.columns.reasons, cell: (row) => reasonsOf(row, view) },
        { head: words.columns.list, cell: (row) => listOf(row, view) },
      ],
      rows: data.customers,
      cards: true,
    }),
  );
}
