import type { IdentifyingContext } from './context.ts';
import { normalCustomerId, normalEmail, normalPhone } from './normal-forms.ts';

/**
 * Every pseudonym that a word may stand for: a customer key as it is, else that of an e-mail address, a phone number or a
 * customer number of the shop.
 */
export function possibleKeys({ keys, config }: Pick<IdentifyingContext, 'keys' | 'config'>, word: string): string[] {
  const email = normalEmail(word);
  const phone = normalPhone(word);
  const customer = normalCustomerId(word.trim());
  return [
    ...(/^[0-9a-f]{32}$/.test(word) ? [word] : []),
    ...(email ? [keys.pseudonym('email', email)] : []),
    ...(phone ? [keys.pseudonym('phone', phone)] : []),
    ...(customer ? [keys.pseudonym('customer', `${config.shop.source}:${customer}`)] : []),
  ];
}
