import { type Html, html, nothing, type Part } from './html.ts';

export interface TableColumn<T> {
  readonly head: string;
  readonly cell: (row: T, index: number) => Part;
  readonly numeric?: boolean;
  /** The column that names the row. */
  readonly names?: boolean;
}

export interface TableView<T> {
  readonly caption: string;
  /** A sentence under the caption. */
  readonly note?: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  /** A last row, one cell per column. */
  readonly total?: readonly Part[];
  /** Each row becomes a card on a narrow screen. */
  readonly cards?: boolean;
}

const align = (column: { readonly numeric?: boolean }) => (column.numeric ? 'num' : 'text');

function cell<T>(column: TableColumn<T>, row: T, index: number): Html {
  const content = column.cell(row, index);
  return column.names
    ? html`<th role="rowheader" scope="row" class="${align(column)}">${content}</th>`
    : html`<td role="cell" class="${align(column)}" data-label="${column.head}"><div>${content}</div></td>`;
}

function totalRow<T>({ columns, total }: TableView<T>): Html {
  if (!total) return nothing;
  const cells = columns.map((column, i) => {
    const part = total[i] ?? null;
    if (column.names) return html`<th role="rowheader" scope="row" class="${align(column)}">${part}</th>`;
    const look = part === null ? 'blank' : align(column);
    return html`<td role="cell" class="${look}" data-label="${column.head}"><div>${part}</div></td>`;
  });
  return html`<tfoot role="rowgroup"><tr role="row">${cells}</tr></tfoot>`;
}

/** A table with its caption. Roles are spelled out because cards take a table's display away, and with it its meaning. */
export function tableView<T>(view: TableView<T>): Html {
  const heads = view.columns.map(
    (column) => html`<th role="columnheader" scope="col" class="${align(column)}">${column.head}</th>`,
  );
  const rows = view.rows.map(
    (row, i) => html`<tr role="row">${view.columns.map((column) => cell(column, row, i))}</tr>\n`,
  );
  return html`<div class="${view.cards ? 'cards' : 'scroll'}" role="region" tabindex="0" aria-label="${view.caption}">
<table role="table">
<caption><span>${view.caption}${view.note ? html`<small>${view.note}</small>` : null}</span></caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${rows}</tbody>
${totalRow(view)}</table></div>
`;
}
