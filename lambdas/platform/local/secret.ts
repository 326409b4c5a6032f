import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { PreconditionFailed } from '../errors.ts';
import type { ObjectStore } from '../object-store.ts';

const secretKey = 'secret/identity-secret';

/**
 * The secret of a lake in a folder: made once, kept in it, readable by its owner alone. Who loses it gets new customer
 * keys for all customers.
 */
export async function localSecret(store: ObjectStore, root: string): Promise<string> {
  const found = await store.read(secretKey);
  if (found) return new TextDecoder().decode(found.body);
  const secret = randomBytes(32).toString('hex');
  await store.write(secretKey, new TextEncoder().encode(secret), { ifAbsent: true }).catch((error) => {
    if (!(error instanceof PreconditionFailed)) throw error;
  });
  await chmod(join(root, secretKey), 0o600);
  return localSecret(store, root);
}
