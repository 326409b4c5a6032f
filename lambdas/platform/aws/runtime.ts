import { readFileSync } from 'node:fs';
import { AthenaClient } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { parseConfig } from '../config/config.ts';
import type { Context } from '../context.ts';
import { ConfigError } from '../errors.ts';
import { type IdentityKeys, identityKeys } from '../identity-keys.ts';
import { jsonLog } from '../log.ts';
import type { ObjectStore } from '../object-store.ts';
import { athenaEngine } from './athena-engine.ts';
import { type Landing, s3Landing } from './landing.ts';
import { s3Store } from './s3-store.ts';

/** What the stack tells each function about its deployment. */
const environmentSchema = z.object({
  WINBACK_LAKE_BUCKET: z.string().min(3),
  WINBACK_PERSONAL_BUCKET: z.string().min(3),
  WINBACK_DATABASE: z.string().min(1),
  WINBACK_WORKGROUP: z.string().min(1),
  WINBACK_CONTACTS_WORKGROUP: z.string().min(1),
  /** File with the settings of the shop: what winback.json is for the command line. */
  WINBACK_CONFIG: z.string().min(1),
  /** Set by Lambda itself. */
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: z.coerce.number().int().positive().optional(),
});

const named = (issues: readonly z.core.$ZodIssue[]): string => issues.map(({ path }) => path.join('.')).join(', ');

function environment(): z.infer<typeof environmentSchema> {
  const parsed = environmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    `the function's environment lacks ${named(parsed.error.issues)}`,
    'Deploy the stack again; infra/functions/ says what a function is told.',
  );
}

/** Clients are made once for each instance of a function, on first use, and stay warm between calls. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const s3Client = once(() => new S3Client({ maxAttempts: 6 }));
const athenaClient = once(() => new AthenaClient({ maxAttempts: 8 }));
const settings = once(() => {
  const { WINBACK_CONFIG: file } = environment();
  return parseConfig(JSON.parse(readFileSync(file, 'utf8')), file);
});
const buckets = once(() => {
  const { WINBACK_LAKE_BUCKET: lake, WINBACK_PERSONAL_BUCKET: personal } = environment();
  return { lake, personal };
});

/**
 * The composition root of the functions: the lake in S3, statements in Athena.
 * @param scope names run, attempt and step, so that a statement asked for twice is one query
 */
export function openContext(scope: string): Context {
  const told = environment();
  const memoryMb = told.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  return {
    store: s3Store(s3Client(), buckets()),
    engine: athenaEngine({
      athena: athenaClient(),
      s3: s3Client(),
      buckets: buckets(),
      database: told.WINBACK_DATABASE,
      workgroup: told.WINBACK_WORKGROUP,
      contactsWorkgroup: told.WINBACK_CONTACTS_WORKGROUP,
      scope,
    }),
    config: settings(),
    log: jsonLog(
      (line) => process.stdout.write(line),
      () => new Date(),
    ),
    clock: () => new Date(),
    ...(memoryMb !== undefined && { memoryMb }),
    progress: () => undefined,
  };
}

/** Only functions that read the landing bucket are told its name. */
function landingBucket(): string {
  const bucket = process.env.WINBACK_LANDING_BUCKET;
  if (!bucket) throw new ConfigError('the function is not told the landing bucket', 'Set WINBACK_LANDING_BUCKET.');
  return bucket;
}

/** The bucket that shops deliver into. */
export const openLanding = (): Landing => s3Landing(s3Client(), landingBucket());

/** Objects of the landing bucket that are no exports: requests of operators. */
export const openRequests = (): ObjectStore =>
  s3Store(s3Client(), { lake: landingBucket(), personal: landingBucket() });

let secret: Promise<IdentityKeys> | undefined;

async function readSecret(): Promise<IdentityKeys> {
  const id = process.env.WINBACK_SECRET_ID;
  if (!id) throw new ConfigError('the function is not told its secret', 'Set WINBACK_SECRET_ID; infra does.');
  const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: id }));
  if (!SecretString) throw new ConfigError(`the secret ${id} is empty`, 'Restore an earlier version of it.');
  return identityKeys(SecretString);
}

/** The deployment's identity keys, read once for each instance of a function. */
export function openKeys(): Promise<IdentityKeys> {
  secret ??= readSecret().catch((error) => {
    secret = undefined;
    throw error;
  });
  return secret;
}
