import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, LakeAccessError } from '../../../lambdas/platform/errors.ts';
import { identityKeys } from '../../../lambdas/platform/identity-keys.ts';
import { localSecret } from '../../../lambdas/platform/local/secret.ts';
import { inFolder } from '../../support/files.ts';

test('a secret is made once, also when many ask at once, and is for its owner alone', async () => {
  await inFolder(async (folder) => {
    const root = join(folder, 'lake');
    const secrets = await Promise.all(Array.from({ length: 12 }, () => localSecret(root)));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(await localSecret(root)).toBe(secrets[0]);
    expect((await stat(join(root, 'secret/identity-secret'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, 'secret'))).mode & 0o777).toBe(0o700);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(root, 'secret'))).toEqual(['identity-secret']);
    expect(await localSecret(join(folder, 'another'))).not.toBe(secrets[0]);
  });
});

test('a wanted secret begins a new lake, must be long enough, and cannot replace another', async () => {
  await inFolder(async (folder) => {
    const root = join(folder, 'lake');
    await expect(localSecret(root, 'short')).rejects.toThrow(/5 characters/);
    await expect(localSecret(root, '')).rejects.toBeInstanceOf(ConfigError);
    expect(await localSecret(root, 'a secret that is long enough')).toBe('a secret that is long enough');
    await expect(localSecret(root, 'another that is long enough')).rejects.toBeInstanceOf(ConfigError);
  });
});

test('a lake that is a file is said', async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, 'file'), 'x');
    await expect(localSecret(join(folder, 'file'))).rejects.toBeInstanceOf(LakeAccessError);
  });
});

test('pseudonyms depend on secret, kind and value, and do not give the value away', () => {
  const [keys, others] = [identityKeys('one'), identityKeys('other')];
  const email = keys.pseudonym('email', 'anna@shop.example');
  expect(email).toMatch(/^[0-9a-f]{32}$/);
  expect(keys.pseudonym('email', 'anna@shop.example')).toBe(email);
  const different = [
    others.pseudonym('email', 'anna@shop.example'),
    keys.pseudonym('phone', 'anna@shop.example'),
    keys.pseudonym('email', 'ben@shop.example'),
  ];
  expect(new Set([email, ...different]).size).toBe(4);
  expect(keys.keyId).not.toBe(others.keyId);
});

test('a lake that has taken anything in and lost its secret gets no other one, but may get its own back', async () => {
  await inFolder(async (folder) => {
    const root = join(folder, 'lake');
    const secret = await localSecret(root);
    await mkdir(join(root, 'ledger'));
    await rm(join(root, 'secret'), { recursive: true });
    await expect(localSecret(root)).rejects.toThrow(/has lost its secret: .*identity-secret is missing/);
    expect(await localSecret(root, secret)).toBe(secret);
    expect(await localSecret(root)).toBe(secret);
  });
});
