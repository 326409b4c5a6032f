import { createHash, createHmac } from 'node:crypto';

/** Turns identifying values into pseudonyms that only the holder of the secret can make. */
export interface IdentityKeys {
  /** Names the secret without giving it away: part of every ingest id, so that a new secret makes new ingests. */
  readonly keyId: string;
  /** HMAC-SHA-256 of `kind:value`, the first 128 bits in hex. The value must be in its normal form. */
  pseudonym(kind: 'email' | 'phone' | 'customer', value: string): string;
}

export const identityKeys = (secret: string): IdentityKeys => ({
  keyId: createHash('sha256').update(`winback key id\n${secret}`).digest('hex').slice(0, 16),
  pseudonym: (kind, value) => createHmac('sha256', secret).update(`${kind}:${value}`).digest('hex').slice(0, 32),
});
