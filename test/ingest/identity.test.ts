import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPools, sealPools } from '../../lambdas/ingest/book/row.ts';
import { fileIdentities } from '../../lambdas/ingest/identity.ts';
import { absent } from '../../lambdas/ingest/records/byte-pool.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';
import { normalCustomerId, normalEmail } from '../../lambdas/platform/normal-forms.ts';

const keys = identityKeys('a secret for tests');
const person = fc.tuple(
  fc.constantFrom('anna', 'ben', 'guest', 'no-reply', 'eva'),
  fc.constantFrom('@shop.example', '@SHOP.example', ' @shop.example', ''),
  fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => ` ${text} `,
  ),
);

test('two addresses are the same person exactly when their normal forms are', () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 2, maxLength: 20 }), (people) => {
      const pools = createPools();
      const addresses = people.map(([name, host, style]) => style(name + host));
      const refs = addresses.map((address) => pools.emails.internText(address));
      sealPools(pools);
      const { email } = fileIdentities(pools, keys, 'shop');
      for (const [i, a] of addresses.entries()) {
        const normal = normalEmail(a);
        expect(email.key(refs[i]!)).toBe(normal === null ? null : keys.pseudonym('email', normal));
        expect(email.isSomebody(refs[i]!)).toBe(normal !== null);
        for (const [k, b] of addresses.entries()) {
          const same = normal === normalEmail(b);
          expect(email.isSame(refs[i]!, refs[k]!)).toBe(same);
          if (same) expect(email.hash(refs[i]!)).toBe(email.hash(refs[k]!));
        }
      }
      expect(email.key(absent)).toBeNull();
      expect(email.isSomebody(absent)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('pseudonyms stay right beyond those that are kept', () => {
  const pools = createPools();
  const count = 70_000;
  for (let i = 0; i < count; i++) pools.customers.internText(`c${i}`);
  sealPools(pools);
  const { platform } = fileIdentities(pools, keys, 'shop');
  for (let ref = 1; ref <= count; ref++) platform.key(ref);
  for (const i of [0, 1, 4_463, 65_535, 65_536, 69_999]) {
    expect(platform.key(i + 1)).toBe(keys.pseudonym('customer', `shop:c${i}`));
  }
});

const nobodysIds =
  '0|0.0|000|-|.|*|?|-1|00000000-0000-0000-0000-000000000000|n.a.|N/A|null|none|false|TRUE|default|deleted|pos|unknown|' +
  'anonymous|not logged in|walk-in|walk in|walkin|Walk-In Customer|cash customer|no customer|Laufkunde|Barverkauf|guest|' +
  'Guest Customer|guest checkout|Gast|Vendég|vendeg|invitado|Invité|ospite';

test.each(nobodysIds.split('|'))('the customer number %s is nobody', (id) => {
  expect(normalCustomerId(id)).toBeNull();
});

test.each(
  '1|10|0.1|1.0|c0|-12|00000000-0000-0000-0000-000000000001|Guestine|Gastone|posy|Walkinson|defaulty|naomi'.split('|'),
)('the customer number %s is somebody', (id) => {
  expect(normalCustomerId(id)).toBe(id);
});

const nobodysNames =
  'gast|vendeg|vendég|guest|guest.user|guest_customer|walkin|walk-in|noreply|no-reply|no.reply|no-reply+1234|noreply17|' +
  'do-not-reply|donotreply|noemail|unknown|anonymous|laufkunde';

test.each(nobodysNames.split('|'))('the address %s@shop.example is nobody', (name) => {
  expect(normalEmail(`${name}@shop.example`)).toBeNull();
});

test('an address that was deleted is nobody, and people with similar names are somebody', () => {
  expect(normalEmail('deleted@deleted.com')).toBeNull();
  for (const name of ['gastone', 'guestine', 'reply', 'posy', 'walkinson', 'deleted', 'anna+noreply', 'no']) {
    expect(normalEmail(`${name}@shop.de`)).toBe(`${name}@shop.de`);
  }
});
