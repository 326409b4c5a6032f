import { isUtf8 } from 'node:buffer';
import type { IngestConfig } from '../../platform/config/ingest.ts';
import { ConfigError } from '../../platform/errors.ts';
import { EmptyFile, NoCustomerInLayout, NotAnExport, UnknownLayout } from '../errors.ts';
import { layouts, refusedLayouts } from '../layouts/all.ts';
import type { Layout } from '../layouts/layout.ts';
import { createDelimitedSplitter, type Dialect } from '../records/delimited.ts';
import { type JsonShape, jsonMemberNames } from '../records/json-records.ts';
import { cleanText } from '../values/field.ts';
import type { Fit, Format, Plan } from './plan.ts';
import { fitLayout, fitSize, hasSignature, planOf } from './plan.ts';

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

function layoutNamed(name: string): Layout {
  const layout = layouts.find((candidate) => candidate.name === name);
  if (layout) return layout;
  const names = layouts.map((candidate) => candidate.name).join(', ');
  throw new ConfigError(`ingest.layout: there is no layout "${name}"`, `Use one of ${names}, or leave it out.`);
}

function refuseKnown(name: string, header: readonly string[]): void {
  const refused = refusedLayouts.find(({ signature }) => hasSignature(signature, header));
  if (refused) throw new NoCustomerInLayout(`${name} is a ${refused.title} export: ${refused.why}`, refused.next);
}

/** The fit of the most specific layout that a header is of. */
function fitHeader(header: readonly string[], config: IngestConfig): Fit {
  if (config.layout !== undefined) return fitLayout(layoutNamed(config.layout), header, config);
  const fits = layouts
    .filter((layout) => hasSignature(layout.signature, header))
    .sort((a, b) => b.signature.length - a.signature.length)
    .map((layout) => fitLayout(layout, header, config));
  return fits.find((fit) => fit.missing.length === 0) ?? fits[0]!;
}

interface Candidate {
  readonly fit: Fit;
  readonly header: readonly string[];
  readonly row: number;
  readonly format: Format;
}

/** True for a candidate that leaves less open, or, when both leave as much open, recognises more. */
const isBetter = (a: Candidate, b: Candidate | null): boolean =>
  b === null ||
  Number(a.fit.missing.length === 0) - Number(b.fit.missing.length === 0) > 0 ||
  ((a.fit.missing.length === 0) === (b.fit.missing.length === 0) && fitSize(a.fit) > fitSize(b.fit));

function headerless(records: string[][], format: Format, config: IngestConfig): Candidate | null {
  const width = records[0]?.length ?? 0;
  if (width < 2) return null;
  const header = Array.from({ length: width }, (_, i) => `column ${i + 1}`);
  const layout = config.layout === undefined ? layouts.find((l) => l.name === 'generic')! : layoutNamed(config.layout);
  return { fit: fitLayout(layout, header, config), header, row: -1, format };
}

function bestOf(name: string, head: Uint8Array, dialect: Dialect, config: IngestConfig): Candidate | null {
  const format: Format = { kind: 'delimited', ...dialect };
  const records = firstRecords(head, dialect);
  if (!config.header) return headerless(records, format, config);
  let best: Candidate | null = null;
  for (const [row, header] of records.entries()) {
    if (header.length < 2) continue;
    refuseKnown(name, header);
    const candidate = { fit: fitHeader(header, config), header, row, format };
    if (isBetter(candidate, best)) best = candidate;
    if (candidate.fit.missing.length === 0) return candidate;
  }
  return best;
}

const listed = (names: readonly string[]): string =>
  names.length > 40 ? `${names.slice(0, 40).join(', ')} and ${names.length - 40} more` : names.join(', ');

function refuse(name: string, best: Candidate | null): never {
  if (best === null) {
    throw new UnknownLayout(
      `${name} has no header: no line of it holds two columns`,
      'Export with a header, or set ingest.header to false and give ingest.columns by position.',
    );
  }
  const { layout, missing } = best.fit;
  throw new UnknownLayout(
    `${name} is of no known layout. Its columns are ${listed(best.header)}; ` +
      `for the nearest, ${layout.title} (${layout.name}), these are missing: ${missing.join(', ')}`,
    'Map the missing fields to columns of the file in ingest.columns.',
  );
}

const firstSign = (head: Uint8Array): string => String.fromCharCode(head.find((byte) => byte > 32) ?? 32);

/** Refuses texts that begin like a page or a message rather than a table. */
function refuseMarkup(name: string, head: Uint8Array): void {
  const text = cleanText(Buffer.from(head.subarray(0, 512)).toString('latin1').replace(/^ï»¿/, ''));
  if (text === '') return;
  if (/^<(!doctype\s+html|html|head|body)/i.test(text)) {
    throw new NotAnExport(`${name} is a web page, not an order export`, 'Log in to the shop and export again.');
  }
  if (/^<(\?xml|[a-z]+[\s>])/i.test(text)) {
    throw new NotAnExport(
      `${name} is an XML document, probably an error message`,
      'Look into the file and export again.',
    );
  }
}

const jsonShapes: Readonly<Record<string, JsonShape>> = { '{': 'json_lines', '[': 'json_list' };

/**
 * The plan of JSON objects with these members.
 * @throws UnknownLayout when no layout fits them
 */
export function planJson(name: string, shape: JsonShape, members: readonly string[], config: IngestConfig): Plan {
  refuseKnown(name, members);
  const fit = fitHeader(members, { ...config, header: true });
  if (fit.missing.length > 0) refuse(name, { fit, header: members, row: -1, format: { kind: shape } });
  return planOf(fit, members, 0, { kind: shape });
}

/**
 * Finds delimiter, header and layout of a text by its beginning.
 * @param head beginning of the text, in an encoding that keeps ASCII bytes
 * @throws UnknownLayout naming the columns seen and what the nearest layout lacks, NotAnExport, NoCustomerInLayout
 */
export function findPlan(name: string, head: Uint8Array, config: IngestConfig): Plan {
  refuseMarkup(name, head);
  const shape = jsonShapes[firstSign(head)];
  if (shape) {
    const members = jsonMemberNames(name, shape, head);
    if (members.size > 0) return planJson(name, shape, [...members], config);
  }
  let best: Candidate | null = null;
  for (const delimiter of config.delimiter === undefined ? delimiters : [config.delimiter]) {
    const candidate = bestOf(name, head, { delimiter, quoteEscape: 'doubled' }, config);
    if (candidate && isBetter(candidate, best)) best = candidate;
  }
  if (head.every((byte) => byte <= 32)) throw new EmptyFile(`${name} holds nothing but blanks`, 'Export it again.');
  if (best === null || best.fit.missing.length > 0) refuse(name, best);
  return planOf(best.fit, best.header, best.row + 1, best.format);
}
