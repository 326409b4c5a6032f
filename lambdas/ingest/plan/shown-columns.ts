/** Longest header that is shown; what is longer is more likely a text than a name. */
const longestHeader = 40;
const mostShown = 40;

/** A number, a date, or an address: what stands in orders and not in headers. */
const value = /@|\d{3}|^[^\p{L}]*\d[^\p{L}]*$/u;

/** True for a row that cannot be a header, because a field of it is a number, a date or an address. */
export const looksLikeValues = (row: readonly string[]): boolean => row.some((field) => value.test(field));

/**
 * Columns of a file as a message may name them. Messages go into logs and receipts, so nothing is shown that may be a
 * value of an order: no digits, no addresses, no long texts.
 */
export function shownColumns(header: readonly string[]): string {
  const names = header.filter((name) => name !== '' && name.length <= longestHeader && !/[\d@]/.test(name));
  const shown = names.slice(0, mostShown);
  const others = header.length - shown.length;
  if (shown.length === 0) return `It has ${header.length} columns whose names say nothing`;
  return `Its columns are ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
