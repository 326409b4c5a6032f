import { isDate, must, records, uploadFile } from './csv.ts';

const dates = /^(Birthday|Winback On List Since|Winback Last Order|Winback Next Order Due)$/;

/** Reads a list for Klaviyo as its help pages describe one. @throws Error naming the rule that is broken */
export function readKlaviyo(body: Uint8Array): Record<string, string>[] {
  must(body.byteLength <= 50_000_000, 'a file has at most 50 MB');
  const file = uploadFile(body);
  must(file.header[0] === 'Email' || file.header[0] === 'Email Address', 'the first header is Email');
  must(!file.header.some((name) => /consent/i.test(name)), 'nobody is subscribed by a score');
  const rows = records(file);
  for (const row of rows) {
    const email = row[file.header[0]!]!;
    must(/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email) && email.length <= 254, `${email} is no address`);
    const phone = row['Phone Number'] ?? '';
    must(phone === '' || /^\+[1-9]\d{6,14}$/.test(phone), `${phone} is not E.164`);
    must(/^([A-Z]{2})?$/.test(row.Country ?? ''), `${row.Country} is no country code`);
    for (const [name, cell] of Object.entries(row)) {
      must(!dates.test(name) || cell === '' || isDate(cell), `${name}: ${cell} is no date`);
    }
  }
  return rows;
}

/** Reads a suppression file: one column, Email. */
export function readKlaviyoSuppression(body: Uint8Array): Record<string, string>[] {
  must(uploadFile(body).header.join() === 'Email', 'a suppression file has the single column Email');
  return readKlaviyo(body);
}
