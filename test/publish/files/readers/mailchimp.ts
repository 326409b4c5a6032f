import { isDate, must, records, uploadFile } from './csv.ts';

const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isMonthAndDay(text: string): boolean {
  const [, month = '0', day = '0'] = /^(\d{2})\/(\d{2})$/.exec(text) ?? [];
  return Number(day) >= 1 && Number(day) <= (daysOfMonth[Number(month) - 1] ?? 0);
}

/** Reads an import file as Mailchimp's guidelines describe one. @throws Error naming the rule that is broken */
export function readMailchimp(body: Uint8Array): Record<string, string>[] {
  const file = uploadFile(body);
  must(file.header.includes('Email Address'), 'Email Address is required');
  const rows = records(file);
  for (const row of rows) {
    const email = row['Email Address']!;
    must(/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email), `${email} is no address`);
    must(/^[\x21-\x7e]+@/.test(email), `${email}: international characters are only allowed after the @`);
    for (const [name, cell] of Object.entries(row)) {
      must(new TextEncoder().encode(cell).byteLength <= 255, `${name} has more than 255 bytes`);
      must(!cell.includes('\uFFFD'), `${name} was cut inside a character`);
    }
    must(!row.Birthday || isMonthAndDay(row.Birthday), `${row.Birthday} is not MM/DD`);
    must(/^([A-Z]{2})?$/.test(row.Country ?? '') && row.Country !== 'UK', `${row.Country} is no country code`);
    must(!row['Last Order'] || isDate(row['Last Order']), `${row['Last Order']} is no date`);
    must(
      (row.Tags ?? 'none').split(',').every((tag) => tag.trim() !== '' && tag.length <= 100),
      'a tag is blank or too long',
    );
  }
  return rows;
}
