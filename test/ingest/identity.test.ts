import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPools, sealPools } from '../../lambdas/ingest/book/row.ts';
import { fileIdentities, normalEmail } from '../../lambdas/ingest/identity.ts';
import { absent } from '../../lambdas/ingest/records/byte-pool.ts';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';

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
