import { segmentName } from '../../wording/names.ts';
import { type Html, nothing } from '../html.ts';
import type { SurveyRow } from '../report-data.ts';
import { tableView } from '../table-view.ts';
import { section, type View } from '../view.ts';

const kinds = ['all', 'segment', 'cohort', 'theme'] as const;
const questions = ['nps', 'csat'] as const;
/** Rows of a table: more themes and months than this say nothing to somebody who looks. */
const mostRows = 24;

/** Name of a group as people know it. */
function groupName({ language, labels }: View, { group_kind: kind, group_name: name }: SurveyRow): string {
  if (kind === 'all') return labels.surveys.all;
  if (name === 'unknown' && kind !== 'theme') return labels.surveys.unknown;
  return kind === 'segment' ? segmentName(language, name) : name;
}

/** Rows of one question in the order in which they are read: all, segments by size, cohorts by month, themes by size. */
function shown(rows: readonly SurveyRow[]): SurveyRow[] {
  return kinds.flatMap((kind) => {
    const own = rows.filter((row) => row.group_kind === kind);
    if (kind === 'cohort') return own.slice(-mostRows);
    return own.sort((a, b) => b.responses - a.responses || (a.group_name < b.group_name ? -1 : 1)).slice(0, mostRows);
  });
}

function scores(view: View, question: (typeof questions)[number]): Html {
  const { data, format, labels } = view;
  const words = labels.surveys;
  const rows = shown(data.surveys.filter((row) => row.question === question));
  if (rows.length === 0) return nothing;
  const kindOf = (row: SurveyRow): string =>
    row.group_kind === 'segment' || row.group_kind === 'cohort' || row.group_kind === 'theme'
      ? `${words.kinds[row.group_kind]}: `
      : '';
  return tableView({
    caption: words.captions[question],
    note: words.notes[question],
    columns: [
      { head: words.columns.group, names: true, cell: (row) => `${kindOf(row)}${groupName(view, row)}` },
      { head: words.columns.people, numeric: true, cell: (row) => format.count(row.responses) },
      { head: words.columns.promoters[question], numeric: true, cell: (row) => format.count(row.promoters) },
      { head: words.columns.passives, numeric: true, cell: (row) => format.count(row.passives) },
      { head: words.columns.detractors[question], numeric: true, cell: (row) => format.count(row.detractors) },
      { head: words.columns.score, numeric: true, cell: (row) => format.real(row.score, 1) },
      {
        head: words.columns.interval,
        numeric: true,
        cell: (row) => [format.real(row.low, 1), ' – ', format.real(row.high, 1)],
      },
    ],
    rows,
    cards: true,
  });
}

/** What customers answered, by segment, month of first purchase and theme; nothing where nobody was asked. */
export function surveys(view: View): Html {
  if (view.data.surveys.length === 0) return nothing;
  return section(view, 'surveys', ...questions.map((question) => scores(view, question)));
}
