import type { ExitCode } from '../platform/errors.ts';
import { exitCodes, WinbackError } from '../platform/errors.ts';

/** A file is not taken at all, because what would be read from it cannot be trusted. Nothing of it reaches the lake. */
export abstract class RefusedFile extends WinbackError {
  override readonly exitCode: ExitCode = exitCodes.input;
  /** Stable name of the cause, for programs. */
  abstract readonly code: string;
}

/** The file holds no record. */
export class EmptyFile extends RefusedFile {
  readonly code = 'empty_file';
}

/** The bytes are something other than an order export: a web page, a workbook, an error message saved as a file. */
export class NotAnExport extends RefusedFile {
  readonly code = 'not_an_export';
}

/** A compressed file is cut off, damaged, or followed by foreign bytes. */
export class CorruptFile extends RefusedFile {
  readonly code = 'corrupt_file';
}

/** The file unpacks to more than is allowed, or to far more than a real export would. */
export class TooLarge extends RefusedFile {
  readonly code = 'too_large';
}

/** The bytes are no text in any encoding that they prove. */
export class UndecodableText extends RefusedFile {
  readonly code = 'undecodable_text';
}

/** No header was found, or none of the known layouts fits it. */
export class UnknownLayout extends RefusedFile {
  readonly code = 'unknown_layout';
}

/** The header is that of two layouts. */
export class AmbiguousLayout extends RefusedFile {
  readonly code = 'ambiguous_layout';
}

/** The file is a known export of something other than orders: customers, products, payouts. */
export class NotOrders extends RefusedFile {
  readonly code = 'not_orders';
}

/** The file is a known export that does not say who bought. */
export class NoCustomerInLayout extends RefusedFile {
  readonly code = 'no_customer';
}

/** The file is an export of a known layout without a column that its amounts, times or numbers rest on. */
export class MissingColumn extends RefusedFile {
  readonly code = 'missing_column';
}

/** The file tells of something else than what it was given as: orders, answers of a survey, suppressed people. */
export class OtherKind extends RefusedFile {
  readonly code = 'other_kind';
}

/** The file has scores and does not say of which question. */
export class AmbiguousQuestion extends RefusedFile {
  readonly code = 'ambiguous_question';
}

/** Two columns of the file claim to be the same thing and differ. */
export class AmbiguousColumns extends RefusedFile {
  readonly code = 'ambiguous_columns';
}

/** Nothing in the file settles whether 03/04 is March or April, or rows contradict each other. */
export class AmbiguousDates extends RefusedFile {
  readonly code = 'ambiguous_dates';
}

/** Nothing in the file settles whether 1,234 is a thousand or a little more than one, or rows contradict each other. */
export class AmbiguousAmounts extends RefusedFile {
  readonly code = 'ambiguous_amounts';
}

/** The file holds a second table with another header. */
export class SecondTable extends RefusedFile {
  readonly code = 'second_table';
}

/** More records were rejected than a file that can be trusted would have. */
export class TooManyRejected extends RefusedFile {
  readonly code = 'too_many_rejected';
}
