import { createDelimitedSplitter } from '../records/delimited.ts';
import { createJsonSplitter } from '../records/json-records.ts';
import type { RecordHandler, RecordSplitter } from '../records/raw-record.ts';
import type { Plan } from './plan.ts';

/** Members that are columns: those that a field is read from. All others are passed to `onOther`. */
function jsonColumns(plan: Plan, onOther: (name: string) => void) {
  const read = new Set([...Object.values(plan.columns), ...(plan.madeFrom?.columns ?? []), ...plan.twins.flat()]);
  const positions = new Map(plan.header.map((name, i) => [name, i]));
  return {
    count: plan.header.length,
    indexOf(name: string): number {
      const at = positions.get(name);
      if (at !== undefined && read.has(at)) return at;
      if (at === undefined) onOther(name);
      return -1;
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
  return format.kind === 'delimited'
    ? createDelimitedSplitter(format, onRecord)
    : createJsonSplitter(name, format.kind, jsonColumns(plan, onOtherMember), onRecord);
}
