import { cleanText, textOf } from './field.ts';

/** What reports write where the order number would stand, in rows that add up or average the others. */
const words = [
  '(?:grand|sub)?[ -]?totals?|overall|sums?|summary|averages?|avg|mean|median|counts?',
  'gesamt(?:summe|betrag|ergebnis)?|(?:zwischen|end)?summen?|insgesamt|durchschnitt|anzahl',
  '(?:sous-)?total[ei]s?|somme|moyenne|(?:sub)?totaal|suma|razem|celkem|spolu|toplam',
  '(?:mind|rész)?összesen|összeg|átlag|итого|всего|[合总總小]计|[合總小総]計|平均|รวม|รวมทั้งหมด|ยอดรวม',
].join('|');
const summary = new RegExp(`^(?:${words})(?=$|[\\s:(])`, 'i');
const longest = 60;

const isWordByte = (byte: number): boolean => byte >= 0x80 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a);

/** True for a text such as `Total` or `Grand total (6 orders)`, which no order has for a number. */
export function isSummaryWord(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && isWordByte(bytes[i]!)) i++;
  const isOneWord = i === end || bytes[i] === 0x20 || bytes[i] === 0x3a || bytes[i] === 0x28 || bytes[i] === 0x2d;
  if (i === start || !isOneWord || end - start > longest) return false;
  return summary.test(cleanText(textOf(bytes, start, end)).normalize('NFKC'));
}
