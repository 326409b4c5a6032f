import type { FileKind } from '../../lake/file-kinds.ts';
import type { ExportField, IngestConfig } from '../../platform/config/ingest.ts';
import { layouts } from './all.ts';
import { generic } from './generic.ts';
import { headerKey, type Layout } from './layout.ts';
import { liftList, suppressionLayouts, survey } from './people.ts';

/** Settings of one file, and what it tells of. */
export interface FileSettings extends IngestConfig {
  readonly kind: FileKind;
}

interface KindOfFile {
  /** Every layout of the kind, the generic one last. */
  readonly layouts: readonly Layout[];
  /** What such a file is, for people. */
  readonly title: string;
  /** How to give such a file. */
  readonly give: string;
  /** Columns that a file has to have at least. */
  readonly fewestColumns: number;
}

const kinds: Readonly<Record<FileKind, KindOfFile>> = {
  orders: {
    layouts,
    title: 'orders',
    give: 'Give it with winback ingest FILE (on AWS: in landing itself, outside of folders that begin with _).',
    fewestColumns: 2,
  },
  surveys: {
    layouts: [survey],
    title: 'answers of a survey',
    give: 'Give it with winback ingest --surveys FILE (on AWS: in the folder _surveys/ of landing).',
    fewestColumns: 2,
  },
  suppressions: {
    layouts: suppressionLayouts,
    title: 'suppressed people',
    give: 'Give it with winback suppress FILE (on AWS: in the folder _suppressions/ of landing).',
    fewestColumns: 1,
  },
  lifts: {
    layouts: [liftList],
    title: 'people to be contacted again',
    give: 'Give it with winback suppress FILE --lift (on AWS: in the folder _lifts/ of landing).',
    fewestColumns: 1,
  },
};

export const kindOf = (kind: FileKind): KindOfFile => kinds[kind];

/** Fields that orders do not have. */
const onlyOfPeople: ReadonlySet<string> = new Set(
  [survey, liftList, ...suppressionLayouts]
    .flatMap((layout) => Object.keys(layout.fields))
    .filter((field) => !Object.hasOwn(generic.fields, field)),
);

/** The settings of a file that matter to its kind: a mapping of order columns says nothing about a survey. */
export function settingsOfKind(config: IngestConfig, kind: FileKind): FileSettings {
  const own = kinds[kind].layouts;
  const isOwnField = (field: string): boolean =>
    kind === 'orders' ? !onlyOfPeople.has(field) : own.some(({ fields }) => Object.hasOwn(fields, field));
  return {
    ...config,
    layout: kind === 'orders' || own.some(({ name }) => name === config.layout) ? config.layout : undefined,
    columns: Object.fromEntries(Object.entries(config.columns).filter(([field]) => isOwnField(field))),
    kind,
  };
}

const suppressionSign = /unsub|suppress|bounce|optout|optedout|complain|^(?:clean|leave)time$/;

/** What a header is likely to be of, where it is not of its own kind; null where nothing speaks for another. */
export function kindSeen(header: readonly string[], not: FileKind): FileKind | null {
  const keys = new Set(header.map(headerKey));
  const has = ({ fields }: Layout, ...wanted: ExportField[]): boolean =>
    wanted.every((field) => (fields[field] ?? []).some((name) => keys.has(headerKey(name))));
  const isOfShop = layouts.some(({ signatures }) =>
    signatures.some((signature) => signature.every((name) => keys.has(headerKey(name)))),
  );
  const isPeople = (['email', 'phone', 'customer_id'] as const).some((field) => has(survey, field));
  const isSurvey = isPeople && (has(survey, 'nps') || has(survey, 'csat') || has(survey, 'score', 'told_at'));
  const isSuppressions = isPeople && [...keys].some((key) => suppressionSign.test(key));
  const seen: FileKind | null =
    isOfShop || (has(generic, 'order_id') && (has(generic, 'total') || has(generic, 'unit_price', 'quantity')))
      ? 'orders'
      : isSuppressions
        ? 'suppressions'
        : isSurvey
          ? 'surveys'
          : null;
  return seen === not || (seen === 'suppressions' && not === 'lifts') ? null : seen;
}
