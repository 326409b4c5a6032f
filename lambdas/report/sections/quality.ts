import { type Html, html } from '../html.ts';
import type { InputFile } from '../report-data.ts';
import { type TableColumn, tableView } from '../table-view.ts';
import { section, type View } from '../view.ts';

const totalOf = (files: readonly InputFile[], value: (file: InputFile) => number): number =>
  files.reduce((sum, file) => sum + value(file), 0);

function inputsTable({ data, format, labels }: View): Html {
  const words = labels.quality;
  const counts: readonly (readonly [head: string, value: (file: InputFile) => number])[] = [
    [words.columns.read, (file) => file.records_read],
    [words.columns.accepted, (file) => file.accepted],
    [words.columns.folded, (file) => file.lines_folded],
    [words.columns.duplicates, (file) => file.duplicates],
    [words.columns.rejected, (file) => file.rejected],
    [words.columns.conflicts, (file) => file.conflicts],
  ];
  const dates = ({ first_order_date: first, last_order_date: last }: InputFile) =>
    first === null || last === null ? '–' : html`${format.day(first)} – ${format.day(last)}`;
  const columns: TableColumn<InputFile>[] = [
    { head: words.columns.file, names: true, cell: (file) => [file.file_name, html`<small>${file.layout}</small>`] },
    ...counts.map(([head, value]) => ({ head, numeric: true, cell: (file: InputFile) => format.count(value(file)) })),
    { head: words.columns.dates, cell: dates },
  ];
  return tableView({
    caption: words.inputs,
    note: words.inputsNote,
    columns,
    rows: data.inputs,
    total: [words.total, ...counts.map(([, value]) => format.count(totalOf(data.inputs, value))), null],
    cards: true,
  });
}

function remarks({ data, format, labels }: View): Html {
  const { curate } = data.input;
  const words = labels.quality;
  return html`<ul class="remarks">
<li>${words.orders(format.whole(curate.orders), format.whole(curate.lines), format.whole(curate.customers))}</li>
<li>${words.superseded(format.whole(curate.supersededOrders), format.whole(curate.supersededLines))}</li>
<li>${words.withoutCustomer(format.whole(curate.ordersWithoutCustomer))}</li>
<li>${words.withoutRate(format.whole(curate.ordersWithoutRate))}</li>
</ul>
`;
}

function rejectionsTable({ data, format, labels }: View): Html {
  const words = labels.quality;
  return tableView({
    caption: words.rejections,
    columns: [
      { head: words.rejectionColumns.reason, names: true, cell: (row) => html`<code>${row.reason}</code>` },
      { head: words.rejectionColumns.column, cell: (row) => row.column_name || '–' },
      { head: words.rejectionColumns.records, numeric: true, cell: (row) => format.count(row.records) },
    ],
    rows: data.rejections,
  });
}

function gatesTable({ data, labels }: View): Html {
  const words = labels.quality;
  return tableView({
    caption: words.gates,
    columns: [
      { head: words.gateColumns.gate, names: true, cell: (gate) => html`<code>${gate.gate}</code>` },
      {
        head: words.gateColumns.verdict,
        cell: (gate) => html`<span class="chip ${gate.verdict}">${words.verdicts[gate.verdict]}</span>`,
      },
      { head: words.gateColumns.message, cell: (gate) => gate.message },
    ],
    rows: [...data.input.gates.gates, ...data.input.train.gates],
  });
}

/** What came in, what became of every record, and what the gates said. */
export const quality = (view: View): Html =>
  section(
    view,
    'quality',
    inputsTable(view),
    remarks(view),
    ...(view.data.rejections.length > 0 ? [rejectionsTable(view)] : []),
    gatesTable(view),
  );
