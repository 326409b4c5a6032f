import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFunction } from '../../../infra/functions/bundle.ts';
import { type FunctionName, type FunctionSpec, functionNames, functionSpecs } from '../../../infra/functions/specs.ts';
import { workflowDefinition } from '../../../infra/workflow/definition.ts';
import { erasureDefinition } from '../../../infra/workflow/erasure.ts';
import type { Config } from '../../../lambdas/platform/config/config.ts';
import type { AwsLake } from '../aws-lake.ts';
import { type Execution, execute, type Machine, type World } from './machine.ts';

/** What Lambda tells a function about its call. */
interface Call {
  getRemainingTimeInMillis(): number;
}

type Handler = (event: unknown, call: Call) => Promise<unknown>;

/** A message or event that the state machine sent. */
export interface Sent {
  readonly resource: string;
  readonly parameters: Record<string, unknown>;
}

/** The night as deployed: the state machine's definition over bundled functions, S3 and Athena behind their protocols. */
export interface DeployedNight extends World {
  readonly sent: Sent[];
  /** Names of functions in the order of their calls. */
  readonly called: string[];
  readonly definition: Machine;
  /** Stands before each call of a function: throws to let it fail. */
  before: (name: FunctionName, event: unknown) => void;
  /** The time that is left to a function, whenever it asks. */
  millisLeft: () => number;
  start(input: object): Promise<Execution>;
  /** Starts the state machine that carries out requests to erase people. */
  erase(input: object): Promise<Execution>;
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** The secret of the pseudonyms that functions are given. */
export const secret = 'a secret for tests that is long enough';

async function startSecrets(): Promise<{ readonly endpoint: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') response.statusCode = 400;
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    request.resume().on('end', () => response.end(JSON.stringify({ SecretString: secret })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Bundles a function, unless it has been, and starts an instance of it. */
async function loadBundle(folder: string, name: FunctionName, shop: Config, instance: number): Promise<Handler> {
  const spec: FunctionSpec = functionSpecs[name];
  const output = join(folder, 'functions', name);
  if (!existsSync(output)) {
    mkdirSync(output, { recursive: true });
    bundleFunction(spec.entry, output, { threads: spec.threads ?? false, shop });
  }
  const bundle = `${pathToFileURL(join(output, 'index.mjs')).href}?${instance}`;
  const loaded = (await import(/* @vite-ignore */ bundle)) as { handler: Handler };
  return loaded.handler;
}

/** What Lambda answers for a function that threw: what a state machine is told as the cause. */
function failureOf(error: unknown): Error {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(JSON.stringify({ errorType: name, errorMessage: message, trace: [] })), { name });
}

const arnOf = (name: string): string => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;

let deployments = 0;

/**
 * Deploys the night over a lake. Functions find their services by the environment, so that one deployment at a time can
 * be in a process.
 * @param folder where bundles and settings go; a second deployment of the same shop takes the bundles as they are
 */
export async function deployNight(folder: string, lake: AwsLake, shop: Config): Promise<DeployedNight> {
  const secrets = await startSecrets();
  const configFile = join(folder, 'config.json');
  writeFileSync(configFile, JSON.stringify(shop));
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: lake.s3.endpoint,
    AWS_ENDPOINT_URL_ATHENA: lake.athena.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    WINBACK_CONFIG: configFile,
    WINBACK_LAKE_BUCKET: 'lake',
    WINBACK_PERSONAL_BUCKET: 'personal',
    WINBACK_LANDING_BUCKET: 'landing',
    WINBACK_DATABASE: 'winback_test',
    WINBACK_WORKGROUP: 'winback',
    WINBACK_CONTACTS_WORKGROUP: 'winback-contacts',
    WINBACK_SECRET_ID: 'secret',
  });
  const handlers = new Map<string, readonly [FunctionName, Handler]>();
  const instance = ++deployments;
  for (const name of functionNames) handlers.set(arnOf(name), [name, await loadBundle(folder, name, shop, instance)]);
  const written = workflowDefinition({
    partition: 'aws',
    stage: 'test',
    functionArns: Object.fromEntries(functionNames.map((name) => [name, arnOf(name)])) as Record<FunctionName, string>,
    lakeBucket: 'lake',
    personalBucket: 'personal',
    alarmsTopic: 'alarms',
    publishedTopic: 'published',
  });
  const definition = JSON.parse(JSON.stringify(written)) as Machine;
  const erasure = JSON.parse(JSON.stringify(erasureDefinition(arnOf('erase')))) as Machine;

  const call = async (resource: string, parameters: unknown): Promise<unknown> => {
    const known = handlers.get(resource);
    if (!known) {
      if (!/:::(sns:publish|events:putEvents)$/.test(resource)) throw new Error(`${resource} is not known here`);
      night.sent.push({ resource: resource.split(':::')[1] ?? '', parameters: parameters as Record<string, unknown> });
      return {};
    }
    const [name, handler] = known;
    night.called.push(name);
    try {
      night.before(name, parameters);
      process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE = String(functionSpecs[name].memoryMb);
      return await handler(parameters, { getRemainingTimeInMillis: () => night.millisLeft() });
    } catch (error) {
      throw failureOf(error);
    }
  };
  const night: DeployedNight = {
    sent: [],
    called: [],
    definition,
    call,
    before: () => undefined,
    millisLeft: () => 900_000,
    read: (bucket, key) => JSON.parse(String(lake.s3.buckets.body(bucket, key))) as unknown,
    start: (input) => execute(definition, input, night),
    erase: (input) => execute(erasure, input, night),
    invoke: (name, event) => call(arnOf(name), event),
    close: secrets.close,
  };
  return night;
}
