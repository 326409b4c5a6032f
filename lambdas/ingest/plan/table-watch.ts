import { AmbiguousAmounts, SecondTable, UnknownLayout } from '../errors.ts';
import { layouts } from '../layouts/all.ts';
import { headerKey } from '../layouts/layout.ts';
import { suppressionLayouts, survey } from '../layouts/people.ts';
import { fieldText, type RawRecord } from '../records/raw-record.ts';
import { type Plan, timeColumnOf } from './plan.ts';
import { createWidthFinder, fewestFields, hasDigit, isHeader } from './record-shape.ts';
import { createSplitDecimals } from './split-decimals.ts';

const aliases = new Set(
  [...layouts, survey, ...suppressionLayouts].flatMap((layout) => Object.values(layout.fields).flat().map(headerKey)),
);

/** True when a record is a header other than the file's own: words alone, two of them names of fields, or three of them. */
function isOtherHeader(record: RawRecord, plan: Plan): boolean {
  if (record.fields < 2 || record.fields > 1000) return false;
  let known = 0;
  let isWords = true;
  for (let i = 0; i < record.fields; i++) {
    const text = fieldText(record, i).trim();
    if (text === '' || /\d/.test(text)) isWords = false;
    if (aliases.has(headerKey(text))) known++;
  }
  return known >= (isWords ? 2 : 3) && !isHeader(record, plan);
}

/** True when a record holds an address: what it says besides are no headers. */
const hasAddress = (record: RawRecord, column: number): boolean =>
  column >= 0 && column < record.fields && fieldText(record, column).includes('@');

/** Watches the records of a delimited text for what tells that it is not one table under one header. */
export interface TableWatch {
  /** Takes a record above the first order: preamble or header. @throws UnknownLayout when it is an order */
  above(record: RawRecord, recordNo: number): void;
  /** Takes a record below the header. @throws SecondTable when it is another header */
  below(record: RawRecord, recordNo: number): void;
  /** @throws AmbiguousAmounts when decimal commas have cut every amount in two */
  refuseSplitDecimals(): void;
  /** Fields of a record, to be asked after the last one. */
  width(): number;
}

/** Creates the watch over one file. */
export function createTableWatch(name: string, plan: Plan): TableWatch {
  const widths = createWidthFinder(plan);
  const splitDecimals = createSplitDecimals(plan);
  const fewest = fewestFields(plan);
  const time = timeColumnOf(plan);
  const { order_id = -1, email = -1, total = time } = plan.columns;

  return {
    above(record, recordNo) {
      if (recordNo === plan.skip) {
        if (isHeader(record, plan)) return;
        throw new UnknownLayout(`${name} has a header that cannot be split in one way only`, 'Export it again.');
      }
      if (record.fields < fewest || (order_id >= 0 && fieldText(record, order_id).trim() === '')) return;
      if (!hasDigit(record, time) || !hasDigit(record, total)) return;
      throw new UnknownLayout(
        `${name} has orders above its header, the first one in line ${record.line}`,
        'Move the header to the top; sorting a file moves it.',
      );
    },
    below(record, recordNo) {
      if (record.fields >= fewest) {
        splitDecimals.add(record);
        widths.add(record);
        if (hasDigit(record, time) && (order_id < 0 || hasDigit(record, order_id))) return;
      }
      if (hasAddress(record, email) || !isOtherHeader(record, plan)) return;
      throw new SecondTable(
        `${name} holds a second table, with its own header in record ${recordNo}, line ${record.line}`,
        'Deliver one each.',
      );
    },
    refuseSplitDecimals() {
      const example = splitDecimals.example();
      if (example === null) return;
      throw new AmbiguousAmounts(
        `${name} seems to have decimal commas that also part columns: all amounts are whole and two digits follow each, as in ${example}`,
        'Export with semicolons or quotation marks. If the amounts are whole, set ingest.decimal_separator to ".".',
      );
    },
    width: widths.width,
  };
}
