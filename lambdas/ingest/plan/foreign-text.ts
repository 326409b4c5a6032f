import { NotAnExport } from '../errors.ts';
import { cleanText } from '../values/field.ts';

interface Foreign {
  readonly begins: RegExp;
  /** What it is, as the end of "FILE is ...". */
  readonly what: string;
  readonly next: string;
}

const lookInside = 'Look into the file and export again.';

/** Things that are saved under the name of an export, by how they begin. The first that fits is meant. */
const foreign: readonly Foreign[] = [
  {
    begins: /^<(!doctype\s+html|html|head|body)/i,
    what: 'a web page, not an order export',
    next: 'Log in to the shop and export again.',
  },
  { begins: /^<(\?xml|[a-z]+[\s>])/i, what: 'an XML document, probably an error message', next: lookInside },
  { begins: /^\{\s*"(errors?|message|detail|fault)"/i, what: 'the error message of a web service', next: lookInside },
  { begins: /^\{\\rtf/, what: 'a text document (RTF)', next: 'Save it as CSV.' },
  {
    begins: /^(insert\s+into|create\s+table|drop\s+table|--\s*(mysql|mariadb|postgresql|sqlite)|pgdmp)/i,
    what: 'a database dump',
    next: 'Export the orders as CSV.',
  },
  { begins: /^(\u0089PNG|GIF8|\u00ff\u00d8\u00ff|SQLite format 3)/, what: 'no text', next: lookInside },
];

/** Bytes that no text holds: control characters other than blanks, line ends, NUL, and those of terminals and DOS. */
const isForeignByte = (byte: number): boolean =>
  (byte > 0 && byte < 9) || (byte > 13 && byte < 32 && byte !== 0x1a && byte !== 0x1b);
const foreignShare = 0.02;
const shownBytes = 4096;

/**
 * Refuses what begins like a page, a message or a picture rather than a table.
 * @throws NotAnExport saying what it is
 */
export function refuseForeignText(name: string, head: Uint8Array): void {
  const text = cleanText(Buffer.from(head.subarray(0, 512)).toString('latin1').replace(/^ï»¿/, ''));
  const found = foreign.find(({ begins }) => begins.test(text));
  if (found) throw new NotAnExport(`${name} is ${found.what}`, found.next);
  const begin = head.subarray(0, shownBytes);
  if (begin.filter(isForeignByte).length > foreignShare * begin.length) {
    throw new NotAnExport(`${name} is no text`, lookInside);
  }
}

const fewestLines = 3;

/** True for text whose columns are set under each other with blanks instead of a sign between them. */
export function isAligned(head: Uint8Array): boolean {
  const lines = Buffer.from(head.subarray(0, shownBytes))
    .toString('latin1')
    .split(/\r\n?|\n/)
    .slice(0, -1);
  const counts = lines.filter((line) => line.trim() !== '').map((line) => line.trim().split(/\s+/).length);
  const usual = Math.max(
    0,
    ...counts.filter((count) => counts.filter((other) => other === count).length * 5 > counts.length * 4),
  );
  return counts.length >= fewestLines && usual >= 3;
}
