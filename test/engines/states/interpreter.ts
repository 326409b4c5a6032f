import { isDeepStrictEqual } from 'node:util';
import type { FunctionName } from '../../../infra/functions/specs.ts';
import { isoDate } from '../../../lambdas/lake/day.ts';
import { awsLake } from '../../support/aws-lake.ts';
import { hashesUnder } from '../../support/files.ts';
import { execute, type Machine } from '../../support/states/machine.ts';
import { type DeployedNight, deployNight } from '../../support/states/night.ts';
import { type Findings, unheard, unlikeFiles } from '../part.ts';
import { deliver, type LocalNights, type Shop } from '../shop.ts';
import { type Described, type StepFunctions, startStepFunctions } from './moto.ts';
import { installedPython } from './python.ts';

interface Call {
  readonly resource: string;
  readonly parameters: unknown;
  result?: unknown;
  error?: unknown;
}

/** An execution under test: what befalls its functions, and how it must end. */
interface Scenario {
  readonly what: string;
  readonly asOf: number;
  /** Called before a function for the nth time: an error to fail with. */
  readonly trouble?: (name: FunctionName, event: unknown, nth: number) => Error | undefined;
  readonly error?: string;
  /** How often functions are called that are not called once. */
  readonly calls?: Partial<Record<FunctionName, number>>;
  /** Last part of the services' ARNs that are told of the end, in order. */
  readonly told: readonly string[];
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const busy = (): Error => named('LakeAccessError', 's3://lake cannot be used: SlowDown');
const published = ['publish', 'putEvents'];
const damaged = 'exports/damaged.csv';

/**
 * The definition as moto can run it: waits of a second or two instead of minutes, and children of the distributed map as
 * standard executions, as it knows no express ones.
 */
const adapted = (definition: Machine): Machine =>
  JSON.parse(JSON.stringify(definition), (name, value: unknown) => {
    if (name === 'IntervalSeconds') return 1;
    if (name === 'MaxDelaySeconds') return 2;
    return name === 'ExecutionType' ? 'STANDARD' : value;
  }) as Machine;

/** As JSON, and with the one name that executions have in our interpreter. */
const normal = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null).replace(/:execution:night-\d+:test/g, ':execution:night:test'));

function scenarios({ nights: [first, last] }: Shop): Scenario[] {
  const troubles: Partial<Record<FunctionName, number>> = { curate: 2, scorePart: 3, publish: 1 };
  return [
    {
      what: 'a night with passing trouble and an export that cannot be read',
      asOf: first,
      trouble: (name, event, nth) => {
        if (name === 'ingest') {
          const isDamaged = (event as { key: string }).key === damaged;
          return isDamaged ? named('Runtime.ExitError', 'exit status 137') : undefined;
        }
        return nth <= (troubles[name] ?? 0) ? busy() : undefined;
      },
      // Three exports, and the damaged one twice.
      calls: { ingest: 7, curate: 3, scorePart: 4, publish: 2 },
      told: published,
    },
    {
      what: 'a night whose data cannot be trusted',
      asOf: last + 30,
      error: 'GateFailed',
      told: ['publish'],
    },
    {
      what: 'a night with lasting trouble',
      asOf: last,
      trouble: (name) => (name === 'publish' ? busy() : undefined),
      error: 'LakeAccessError',
      calls: { publish: 4 },
      told: ['publish'],
    },
    { what: 'the same night again', asOf: last, told: published },
  ];
}

/** Lets our interpreter run the definition on what was answered to moto: it must ask the same and end alike. */
async function otherwiseByOurs(
  night: DeployedNight,
  input: object,
  calls: readonly Call[],
  end: Described,
): Promise<string[]> {
  const left = [...calls];
  const faults: string[] = [];
  const call = async (resource: string, parameters: unknown): Promise<unknown> => {
    const isSame = (one: Call) =>
      one.resource === resource && isDeepStrictEqual(normal(one.parameters), normal(parameters));
    const index = left.findIndex(isSame);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (!found) {
      faults.push(`our interpreter calls ${resource} with ${JSON.stringify(parameters)}, moto's does not`);
      return {};
    }
    if (found.error) throw found.error;
    return found.result;
  };
  const own = await execute(night.definition, input, { call, read: night.read });
  for (const { resource } of left) faults.push(`moto's interpreter calls ${resource}, ours does not`);
  const [ours, motos] = [
    [own.status, own.output, own.error, own.cause],
    [end.status, JSON.parse(end.output ?? 'null'), end.error ?? null, end.cause ?? null],
  ].map(normal);
  if (!isDeepStrictEqual(ours, motos)) {
    faults.push(`our interpreter ends with ${JSON.stringify(ours)}, moto's with ${JSON.stringify(motos)}`);
  }
  return faults;
}

async function played(
  scenario: Scenario,
  night: DeployedNight,
  stepFunctions: StepFunctions,
  calls: Call[],
): Promise<string[]> {
  calls.length = 0;
  night.called.length = 0;
  night.sent.length = 0;
  const counts = new Map<string, number>();
  night.before = (name, event) => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const error = scenario.trouble?.(name, event, counts.get(name) ?? 0);
    if (error) throw error;
  };
  const input = { as_of: isoDate(scenario.asOf) };
  const end = await stepFunctions.execute(adapted(night.definition), input);
  const faults = await otherwiseByOurs(night, input, calls, end);
  const wanted = scenario.error ?? 'none';
  if ((end.error ?? 'none') !== wanted) faults.push(`the error is ${end.error}, not ${wanted}: ${end.cause}`);
  for (const [name, count] of counts) {
    const expected = scenario.calls?.[name as FunctionName] ?? 1;
    if (count !== expected) faults.push(`${name} is called ${count} times, not ${expected}`);
  }
  const told = night.sent.map(({ resource }) => resource.split(':').at(-1));
  if (!isDeepStrictEqual(told, scenario.told)) faults.push(`told are ${told.join(', ') || 'none'}`);
  return faults.map((fault) => `${scenario.what}: ${fault}`);
}

/**
 * Runs the deployed definition in moto's interpreter over the bundled functions, with retries, catches and both maps; our
 * own interpreter must agree with it on every call and end.
 * @throws Unavailable where moto cannot be had
 */
export async function interpretedDefinition(folder: string, shop: Shop, local: LocalNights): Promise<Findings> {
  const python = await installedPython();
  const root = `${folder}/interpreted`;
  const lake = await awsLake(root);
  const night = await deployNight(folder, lake, shop.config);
  const calls: Call[] = [];
  const stepFunctions = await startStepFunctions(python, {
    s3Endpoint: lake.s3.endpoint,
    call: async (resource, parameters) => {
      const call: Call = { resource, parameters };
      calls.push(call);
      try {
        call.result = await night.call(resource, parameters);
      } catch (error) {
        call.error = error;
        throw error;
      }
      return call.result;
    },
  });
  try {
    await deliver(shop, lake.s3.buckets);
    lake.s3.buckets.write('landing', damaged, { body: Buffer.from('order_id\n'), headers: {} });
    const faults: string[] = [];
    let asked = 0;
    const all = scenarios(shop);
    for (const scenario of all) {
      faults.push(...(await unheard(() => played(scenario, night, stepFunctions, calls))));
      asked += calls.length;
      if (scenario.asOf === all[0]?.asOf) lake.s3.buckets.remove('landing', damaged);
    }
    const unlike = unlikeFiles(local.published, await hashesUnder(`${root}/buckets/personal/published`));
    faults.push(...unlike.map((path) => `published/${path} is not that of the night in a folder`));
    const looked = `${all.length} executions with ${asked} calls as by our interpreter, ${local.published.size} published files as in a folder`;
    return { looked, faults };
  } finally {
    await stepFunctions.close();
    await night.close();
    await lake.close();
  }
}
