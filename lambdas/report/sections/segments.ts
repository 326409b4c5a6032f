import { segmentName } from '../../wording/names.ts';
import { rfmMap, shareOf } from '../charts/rfm-map.ts';
import type { Html } from '../html.ts';
import { tableView } from '../table-view.ts';
import { paragraph, section, type View } from '../view.ts';

interface SegmentSum {
  readonly segment: string;
  readonly customers: number;
  readonly netSpend: bigint;
}

function sumSegments({ data }: View): SegmentSum[] {
  const sums = new Map<string, SegmentSum>();
  for (const cell of data.rfm) {
    const sum = sums.get(cell.segment) ?? { segment: cell.segment, customers: 0, netSpend: 0n };
    sums.set(cell.segment, {
      segment: cell.segment,
      customers: sum.customers + cell.customers,
      netSpend: sum.netSpend + cell.net_spend,
    });
  }
  return [...sums.values()].sort((a, b) => b.customers - a.customers || (a.segment < b.segment ? -1 : 1));
}

/** Buyers on the map of recency and value, and the segments that its cells make up. */
export function segments(view: View): Html {
  const { data, format, labels, language } = view;
  if (data.rfm.length === 0) return section(view, 'segments', paragraph(labels.none));
  const sums = sumSegments(view);
  const buyers = sums.reduce((sum, row) => sum + row.customers, 0);
  return section(
    view,
    'segments',
    rfmMap(data.rfm, format, language, labels.segments),
    tableView({
      caption: labels.segments.table,
      columns: [
        { head: labels.segments.columns.segment, names: true, cell: (row) => segmentName(language, row.segment) },
        { head: labels.segments.columns.customers, numeric: true, cell: (row) => format.count(row.customers) },
        {
          head: labels.segments.columns.share,
          numeric: true,
          cell: (row) => format.share(shareOf(row.customers, buyers)),
        },
        { head: labels.segments.columns.spend, numeric: true, cell: (row) => format.sum(row.netSpend, true) },
      ],
      rows: sums,
    }),
  );
}
