import { isUtf8 } from 'node:buffer';
import { ConfigError } from '../../platform/errors.ts';
import {
  AmbiguousLayout,
  AmbiguousQuestion,
  EmptyFile,
  MissingColumn,
  NoCustomerInLayout,
  NotAnExport,
  NotOrders,
  OtherKind,
  UnknownLayout,
} from '../errors.ts';
import { type FileSettings, kindOf, kindSeen } from '../layouts/kinds.ts';
import type { Layout } from '../layouts/layout.ts';
import { refusedLayouts } from '../layouts/refused.ts';
import { createDelimitedSplitter, type Dialect } from '../records/delimited.ts';
import { type JsonShape, listPaths } from '../records/json-cutter.ts';
import { jsonMemberNames } from '../records/json-records.ts';
import type { ParquetHeader } from '../records/parquet-records.ts';
import { cleanText } from '../values/field.ts';
import { isAligned, refuseForeignText } from './foreign-text.ts';
import type { Fit, Format, Plan } from './plan.ts';
import { almostSigned, fitFile, fitSize, planOf, signatureSize } from './plan.ts';
import { looksLikeValues, shownColumns } from './shown-columns.ts';

const delimiters = [',', ';', '\t', '|'] as const;
/** How far down a header may stand, under a preamble. */
const deepestHeader = 30;

/** The first records of a text as trimmed fields. */
function firstRecords(head: Uint8Array, dialect: Dialect): string[][] {
  const records: string[][] = [];
  const splitter = createDelimitedSplitter(dialect, (record) => {
    if (records.length > deepestHeader) return;
    const fields: string[] = [];
    for (let i = 0; i < record.fields; i++) {
      const bytes = Buffer.from(record.bytes.subarray(record.start[i], record.end[i]));
      fields.push(cleanText(bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')));
    }
    records.push(fields);
  });
  splitter.push(head);
  splitter.end();
  return records;
}

function layoutNamed(name: string, { kind }: FileSettings): Layout {
  const { layouts } = kindOf(kind);
  const layout = layouts.find((candidate) => candidate.name === name);
  if (layout) return layout;
  const names = layouts.map((candidate) => candidate.name).join(', ');
  throw new ConfigError(`ingest.layout: there is no layout "${name}"`, `Use one of ${names}, or leave it out.`);
}

/** Refuses what is known to be no list of orders with their customers, unless the user names the layout. */
function refuseKnown(name: string, header: readonly string[], config: FileSettings): void {
  if (config.layout !== undefined || config.kind !== 'orders') return;
  const refused = refusedLayouts.find(({ signatures }) => signatureSize(signatures, header) > 0);
  if (!refused) return;
  const Refusal = refused.lacks === 'customers' ? NoCustomerInLayout : NotOrders;
  throw new Refusal(`${name} is an export of ${refused.title}: ${refused.why}`, refused.next);
}

/** The fit of the most specific layout that a header is of; the generic one where it is of none. */
function fitHeader(name: string, header: readonly string[], config: FileSettings): Fit {
  if (config.layout !== undefined) return fitFile(layoutNamed(config.layout, config), header, config);
  const { layouts } = kindOf(config.kind);
  const sized = layouts.map((layout) => ({ layout, size: signatureSize(layout.signatures, header) }));
  const largest = Math.max(...sized.map(({ size }) => size));
  if (largest === 0) return fitFile(layouts.at(-1)!, header, config);
  const [first, second] = sized.filter(({ size }) => size === largest).map(({ layout }) => layout);
  if (first && !second) return fitFile(first, header, config);
  throw new AmbiguousLayout(
    `${name} has the columns of two layouts, ${first?.title} and ${second?.title}`,
    `Set ingest.layout to ${first?.name} or ${second?.name}.`,
  );
}

interface Candidate {
  readonly fit: Fit;
  readonly header: readonly string[];
  readonly row: number;
  readonly format: Format;
}

/**
 * What speaks for a candidate, the weightiest first: that it leaves nothing open, that it is not itself an order, how much
 * it recognises, that nothing stands above it, and its columns.
 */
const merits = ({ fit, header, row }: Candidate): number[] =>
  fit.missing.length === 0
    ? [1, fitSize(fit)]
    : [0, Number(!looksLikeValues(header)), fitSize(fit), Number(row <= 0), header.length];

/** True for a candidate with more merits, compared one after the other. */
function isBetter(a: Candidate, b: Candidate | null): boolean {
  if (b === null) return true;
  const others = merits(b);
  const by = merits(a).map((merit, i) => merit - others[i]!);
  return (by.find((difference) => difference !== 0) ?? 0) > 0;
}

function headerless(records: string[][], format: Format, config: FileSettings): Candidate | null {
  const width = records[0]?.length ?? 0;
  if (width < kindOf(config.kind).fewestColumns) return null;
  const header = Array.from({ length: width }, (_, i) => `column ${i + 1}`);
  const layout = config.layout === undefined ? kindOf(config.kind).layouts.at(-1)! : layoutNamed(config.layout, config);
  return { fit: fitFile(layout, header, config), header, row: -1, format };
}

function bestOf(name: string, head: Uint8Array, dialect: Dialect, config: FileSettings): Candidate | null {
  const format: Format = { kind: 'delimited', ...dialect };
  const records = firstRecords(head, dialect);
  if (!config.header) return headerless(records, format, config);
  let best: Candidate | null = null;
  for (const [row, header] of records.entries()) {
    if (header.length < kindOf(config.kind).fewestColumns) continue;
    refuseKnown(name, header, config);
    const candidate = { fit: fitHeader(name, header, config), header, row, format };
    if (isBetter(candidate, best)) best = candidate;
    if (candidate.fit.missing.length === 0) return candidate;
  }
  return best;
}

/** Refuses an export of a shop's layout that lacks a column, by the name that the column has there. */
function refuseIncomplete(name: string, { fit, header }: Candidate, config: FileSettings): void {
  const isShops = fit.layout.signatures.length > 0;
  const isPlain = config.layout === undefined && config.header && Object.keys(config.columns).length === 0;
  const almost = isPlain && !isShops ? almostSigned(kindOf(config.kind).layouts, header) : null;
  const found = isShops ? fit : almost && { layout: almost.layout, missing: almost.columns };
  if (found === null) return;
  throw new MissingColumn(
    `${name} looks like an export of ${found.layout.title} (${found.layout.name}) but lacks a column: ${found.missing.join(', ')}`,
    'Export again with it; or, if the column has another name here, set ingest.layout and map it in ingest.columns.',
  );
}

/** Refuses a file that looks like one of another kind, unless the user names the layout. */
function refuseOtherKind(name: string, header: readonly string[], config: FileSettings): void {
  const seen = config.layout === undefined && config.header ? kindSeen(header, config.kind) : null;
  if (seen === null) return;
  throw new OtherKind(
    `${name} was given as ${kindOf(config.kind).title}, but looks like ${kindOf(seen).title}`,
    kindOf(seen).give,
  );
}

/** Refuses scores of which neither file nor settings say what was asked. */
function refuseUnknownQuestion(name: string, { columns }: Fit, header: readonly string[], config: FileSettings): void {
  const { score, nps, csat, question } = columns;
  if (score === undefined || nps !== undefined || csat !== undefined) return;
  if (question !== undefined || config.survey.question !== undefined) return;
  throw new AmbiguousQuestion(
    `${name} has scores in the column "${header[score]}": do they answer NPS (would recommend, 0 to 10) or CSAT (satisfied, 1 to 5)?`,
    'Set ingest.survey.question to nps or csat, or map the column in ingest.columns as nps or csat.',
  );
}

/** The plan of a header that lacks nothing. */
function planOfHeader(name: string, { fit, header, row, format }: Candidate, config: FileSettings): Plan {
  if (config.kind === 'suppressions' || config.kind === 'lifts') refuseOtherKind(name, header, config);
  if (config.kind === 'surveys') refuseUnknownQuestion(name, fit, header, config);
  return planOf(fit, header, row + 1, format);
}

function refuse(name: string, best: Candidate | null, config: FileSettings): never {
  if (best === null) {
    throw new UnknownLayout(
      `${name} has no header: no line of it holds two columns`,
      'Export with a header, or set ingest.header to false and give ingest.columns by position.',
    );
  }
  const { layout, missing, missingFields } = best.fit;
  const advised = missingFields.find((field) => layout.advice?.[field] !== undefined);
  if (advised !== undefined) {
    throw new NoCustomerInLayout(
      `${name} is an export of ${layout.title} that does not say who bought: ${missing.join(', ')} is missing`,
      layout.advice![advised]!,
    );
  }
  refuseOtherKind(name, best.header, config);
  refuseIncomplete(name, best, config);
  if (best.row >= 0 && looksLikeValues(best.header)) {
    throw new UnknownLayout(
      `${name} seems to have no header: where it would stand there are numbers, dates or addresses`,
      'Export with a header, or set ingest.header to false and give ingest.columns by position.',
    );
  }
  throw new UnknownLayout(
    `${name} is of no known layout. ${shownColumns(best.header)}; ` +
      `for the nearest, ${layout.title} (${layout.name}), these are missing: ${missing.join(', ')}`,
    'Map the missing fields to columns of the file in ingest.columns.',
  );
}

const firstSign = (head: Uint8Array): string => String.fromCharCode(head.find((byte) => byte > 32) ?? 32);

/** The plan of a format whose columns have names without a header among the records. */
function planNamed(name: string, columns: readonly string[], format: Format, config: FileSettings): Plan {
  refuseKnown(name, columns, config);
  const fit = fitHeader(name, columns, { ...config, header: true });
  const candidate = { fit, header: columns, row: -1, format };
  if (fit.missing.length > 0) refuse(name, candidate, config);
  return planOfHeader(name, candidate, config);
}

/**
 * The plan of JSON objects with these members.
 * @throws UnknownLayout when no layout fits them
 */
export const planJson = (name: string, shape: JsonShape, members: readonly string[], config: FileSettings): Plan =>
  planNamed(name, members, shape, config);

/** True for a text that begins as a JSON object or list does, rather than with a header in brackets. */
const beginsAsJson = (head: Uint8Array): boolean =>
  /^\s*(\{\s*["}]|\[\s*([[{"\]\d-]|$))/.test(Buffer.from(head.subarray(0, 4096)).toString('latin1'));

/** The shape of a JSON text: a list, objects one per line, or the one list of orders in the object that the text is. */
function jsonShape(name: string, head: Uint8Array, config: FileSettings): JsonShape {
  if (firstSign(head) === '[') return { kind: 'json_list', path: [] };
  const isOrders = (shape: JsonShape): boolean => {
    const members = [...jsonMemberNames(name, shape, head)];
    return members.length > 0 && fitHeader(name, members, { ...config, header: true }).missing.length === 0;
  };
  const lines: JsonShape = { kind: 'json_lines' };
  if (isOrders(lines)) return lines;
  const paths = new Map(listPaths(Buffer.from(head).toString('utf8')).map((path) => [path.join('.'), path]));
  const lists = [...paths.values()].map((path) => ({ kind: 'json_list', path }) as const);
  const ofOrders = lists.filter(isOrders);
  if (ofOrders.length > 1) {
    throw new NotAnExport(
      `${name} holds several lists of orders: ${ofOrders.map(({ path }) => path.join('.')).join(', ')}`,
      'Deliver each list by itself.',
    );
  }
  return ofOrders[0] ?? (lists.length === 1 && jsonMemberNames(name, lines, head).size === 0 ? lists[0]! : lines);
}

function planJsonText(name: string, head: Uint8Array, config: FileSettings): Plan {
  const shape = jsonShape(name, head, config);
  const members = [...jsonMemberNames(name, shape, head)];
  if (members.length > 0) return planJson(name, shape, members, config);
  if (/^\s*\[\s*\]\s*$/.test(Buffer.from(head.subarray(0, 4096)).toString('latin1'))) {
    throw new EmptyFile(`${name} holds an empty list`, 'Export again if there should be records.');
  }
  throw new NotAnExport(
    `${name} is JSON but holds no list of objects that can be read`,
    'Deliver a list of orders, or one order per line.',
  );
}

/**
 * The plan of a Parquet file with these columns.
 * @throws UnknownLayout when no layout fits them, or a field is mapped to a column of lists or structures
 */
export function planParquet(name: string, { columns, composites }: ParquetHeader, config: FileSettings): Plan {
  const mapped = Object.values(config.columns).flatMap((from) => (typeof from === 'object' ? from.made_from : [from]));
  const composite = composites.find((column) => !columns.includes(column) && mapped.includes(column));
  if (composite !== undefined) {
    throw new UnknownLayout(
      `${name} has lists or structures in the column "${composite}", where a single value belongs`,
      'Map the field to a column of single values; those of a structure are named like "customer.email".',
    );
  }
  return planNamed(name, columns, { kind: 'parquet' }, config);
}

/**
 * Finds delimiter, header and layout of a text by its beginning.
 * @param head beginning of the text, in an encoding that keeps ASCII bytes
 * @throws UnknownLayout naming the columns seen and what the nearest layout lacks, NotAnExport, NoCustomerInLayout
 */
export function findPlan(name: string, head: Uint8Array, config: FileSettings): Plan {
  refuseForeignText(name, head);
  if (beginsAsJson(head)) return planJsonText(name, head, config);
  let best: Candidate | null = null;
  for (const delimiter of config.delimiter === undefined ? delimiters : [config.delimiter]) {
    const candidate = bestOf(name, head, { delimiter, quoteEscape: 'doubled' }, config);
    if (candidate && isBetter(candidate, best)) best = candidate;
  }
  if (head.every((byte) => byte <= 32)) throw new EmptyFile(`${name} holds nothing but blanks`, 'Export it again.');
  if (best === null && isAligned(head)) {
    throw new UnknownLayout(
      `${name} sets its columns under each other with blanks; there is no sign between them`,
      'Save it with a comma, a semicolon or a tab between the columns, and with a header.',
    );
  }
  if (best === null || best.fit.missing.length > 0) refuse(name, best, config);
  return planOfHeader(name, best, config);
}
