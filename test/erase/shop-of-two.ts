import { ingestFile, localLimits } from '../../lambdas/ingest/ingest.ts';
import type { IdentifyingContext } from '../../lambdas/platform/context.ts';

/** What names the person who is erased: nobody else in these shops has any of it. */
export const ada = {
  email: 'ada.zwollenberg@mail.example',
  otherEmail: 'a.zwollenberg@work.example',
  phone: '+49 151 2345 4711',
  customer: 'K-47110815',
  firstName: 'Adalheid',
  lastName: 'Zwollenberg',
};

export const header = 'order_id,customer_id,email,order_ts,total,currency,phone,first_name,last_name';

/** An order as a line of an export; left-out parts of the customer are blank. */
export const orderLine = (
  id: string,
  on: string,
  total: string,
  who: { customer?: string; email?: string; phone?: string; firstName?: string; lastName?: string } = {},
): string =>
  [id, who.customer, who.email, `${on}T10:00:00Z`, total, 'EUR', who.phone, who.firstName, who.lastName]
    .map((cell) => cell ?? '')
    .join(',');

/** Orders of Ada under two addresses and her customer number, and of others. */
export const shopOfTwo = [
  header,
  orderLine('1', '2024-01-05', '10.00', { ...ada }),
  orderLine('2', '2024-02-05', '20.00', { email: ada.otherEmail, customer: ada.customer }),
  orderLine('3', '2024-02-06', '30.00', { email: 'ben@mail.example', phone: '+49 151 0000 1234', firstName: 'Ben' }),
  orderLine('4', '2024-03-05', '40.00'),
  orderLine('5', '2024-03-06', '50.00', { email: ada.otherEmail }),
  orderLine('6', '2024-03-07', '60.00', { customer: 'K-2', email: 'cleo@mail.example' }),
].join('\n');

const delivered = new Date('2026-10-01T00:00:00Z');

/** Takes the text of an export into a lake, as delivered on 1 October 2026. */
export async function take(lake: IdentifyingContext, name: string, text: string) {
  const body = new TextEncoder().encode(text);
  const file = {
    name,
    bytes: body.byteLength,
    deliveredAt: delivered,
    async *open() {
      yield body;
    },
  };
  const receipt = await ingestFile(lake, { file, limits: localLimits });
  if (receipt.verdict !== 'accepted') throw new Error(receipt.reason ?? 'refused');
  return receipt;
}
