import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identityKeys } from '../../lambdas/platform/identity-keys.ts';

test('a pseudonym is the first half of the HMAC-SHA-256 that node:crypto makes', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.nat(5_000).map((length) => 'ű'.repeat(length)),
  );
  const secret = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('k'.repeat(64), 'k'.repeat(65), 'ő'.repeat(200)),
  );
  fc.assert(
    fc.property(secret, fc.array(value, { maxLength: 8 }), (key, values) => {
      const keys = identityKeys(key);
      for (const text of values) {
        const hmac = createHmac('sha256', key).update(`email:${text}`).digest('hex');
        expect(keys.pseudonym('email', text)).toBe(hmac.slice(0, 32));
      }
    }),
  );
});
