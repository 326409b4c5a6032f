import { createDelimitedSplitter } from '../records/delimited.ts';
import { createJsonSplitter, type JsonColumns } from '../records/json-records.ts';
import type { NumberUse } from '../records/number-text.ts';
import { createParquetSplitter } from '../records/parquet-records.ts';
import type { RecordHandler, RecordSplitter } from '../records/raw-record.ts';
import type { Plan } from './plan.ts';
import { specialPositions } from './special.ts';

/** Fields whose numbers are names of something and not quantities. */
const idFields = ['order_id', 'customer_id', 'sku', 'phone'] as const;

/** What the numbers of each column are read as; null where no field is read from it. */
function usesOf(plan: Plan): (column: number) => NumberUse | null {
  const ids = new Set([
    ...idFields.map((field) => plan.columns[field] ?? -1),
    ...(plan.madeFrom?.columns ?? []),
    plan.special.orderName,
  ]);
  const read = new Set([...Object.values(plan.columns), ...specialPositions(plan.special), ...plan.twins.flat()]);
  return (column) => (ids.has(column) ? 'id' : read.has(column) ? 'value' : null);
}

/** Members that are columns: those that a field is read from. All others are passed to `onOther`. */
function jsonColumns(plan: Plan, onOther: (name: string) => void): JsonColumns {
  const use = usesOf(plan);
  const positions = new Map(plan.header.map((name, i) => [name, i]));
  const { order_id, customer_id } = plan.columns;
  const names = new Set([order_id, customer_id, plan.special.orderName, ...(plan.madeFrom?.columns ?? [])]);
  return {
    count: plan.header.length,
    found: [...positions.values()].filter((column) => use(column) !== null),
    namesSomething: (column) => names.has(column),
    use: (column) => use(column) ?? 'value',
    indexOf(name: string): number {
      const at = positions.get(name);
      if (at === undefined) onOther(name);
      return at === undefined || use(at) === null ? -1 : at;
    },
  };
}

/**
 * The splitter that a plan asks for.
 * @param onOtherMember told the names of JSON members that the plan's header does not have
 */
export function openRecords(
  name: string,
  plan: Plan,
  onRecord: RecordHandler,
  onOtherMember: (name: string) => void = () => undefined,
): RecordSplitter {
  const { format } = plan;
  if (format.kind === 'delimited') return createDelimitedSplitter(format, onRecord, { ...plan, name });
  if (format.kind === 'parquet') return createParquetSplitter(name, { use: usesOf(plan) }, onRecord);
  return createJsonSplitter(name, format, jsonColumns(plan, onOtherMember), onRecord);
}
