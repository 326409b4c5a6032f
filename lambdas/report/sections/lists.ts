import { offerName } from '../../wording/names.ts';
import { type Html, html } from '../html.ts';
import type { ListArm } from '../report-data.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

interface ListSum {
  readonly name: string;
  readonly hint: string;
  readonly contact: number;
  readonly control: number;
  readonly excluded: number;
  readonly fresh: number;
  readonly value: bigint;
  readonly offers: readonly string[];
}

const total = (rows: readonly ListArm[], value: (row: ListArm) => number): number =>
  rows.reduce((sum, row) => sum + value(row), 0);

function sumOf(rows: readonly ListArm[]): ListSum {
  const contact = rows.filter((row) => row.arm === 'treatment');
  const control = rows.filter((row) => row.arm === 'control');
  const excluded = rows.filter((row) => row.arm === 'excluded');
  return {
    name: rows[0]?.name ?? '',
    hint: rows[0]?.hint ?? '',
    contact: total(contact, (row) => row.members),
    control: total(control, (row) => row.members),
    excluded: total(excluded, (row) => row.members),
    fresh: total(contact, (row) => row.new_members),
    value: contact.reduce((sum, row) => sum + (row.value_at_risk ?? 0n), 0n),
    offers: [...new Set(contact.map((row) => row.offer))].sort(),
  };
}

/** Size and worth of each list, and the control group held back from it. */
export function lists(view: View): Html {
  const { data, format, labels, language } = view;
  const words = labels.lists;
  const sums = [...new Set(data.lists.map((row) => row.campaign))]
    .map((campaign) => sumOf(data.lists.filter((row) => row.campaign === campaign)))
    .sort((a, b) => (a.value === b.value ? (a.name < b.name ? -1 : 1) : a.value > b.value ? -1 : 1));
  if (sums.length === 0) return section(view, 'lists', paragraph(labels.none));
  const all = sumOf(data.lists);
  return section(
    view,
    'lists',
    tableView({
      caption: words.caption,
      note: words.note,
      columns: [
        {
          head: words.columns.list,
          names: true,
          cell: (row) => [row.name, html`<small>${row.hint}</small>`],
        },
        { head: words.columns.contact, numeric: true, cell: (row) => format.count(row.contact) },
        { head: words.columns.control, numeric: true, cell: (row) => format.count(row.control) },
        { head: words.columns.excluded, numeric: true, cell: (row) => format.count(row.excluded) },
        { head: words.columns.fresh, numeric: true, cell: (row) => format.count(row.fresh) },
        { head: words.columns.value, numeric: true, cell: (row) => format.sum(row.value, true) },
        {
          head: words.columns.offers,
          cell: (row) => row.offers.map((offer) => offerName(language, offer)).join(', '),
        },
      ],
      rows: sums,
      total: [
        words.total,
        format.count(all.contact),
        format.count(all.control),
        format.count(all.excluded),
        format.count(all.fresh),
        format.sum(all.value, true),
        null,
      ],
      cards: true,
    }),
  );
}
