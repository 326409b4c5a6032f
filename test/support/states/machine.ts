import { filledIn, lookUp, PathError, placedAt, valueAt } from './paths.ts';

/** What a state of a definition may say; anything else is refused. */
interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly InputPath?: string;
  readonly Parameters?: unknown;
  readonly ResultSelector?: unknown;
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath?: string;
    readonly Next: string;
  }[];
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly NumericEquals?: number;
    readonly BooleanEquals?: boolean;
    readonly Next: string;
  }[];
  readonly Default?: string;
  readonly Branches?: readonly Machine[];
  readonly ItemsPath?: string;
  readonly ItemReader?: {
    readonly Resource: string;
    readonly ReaderConfig: { readonly InputType: string };
    readonly Parameters: unknown;
  };
  readonly ItemSelector?: unknown;
  readonly ItemProcessor?: Machine;
  readonly Result?: unknown;
  readonly ErrorPath?: string;
  readonly CausePath?: string;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const known = new Set(
  `Type Resource InputPath Parameters ResultSelector ResultPath OutputPath Next End Retry Catch Choices Default Branches ItemsPath
  ItemReader ItemSelector ItemProcessor Result ErrorPath CausePath Label MaxConcurrency TimeoutSeconds`.split(/\s+/),
);

/** What the machine's tasks reach. */
export interface World {
  /** Calls a resource: a function's or a service's ARN. */
  call(resource: string, parameters: unknown): Promise<unknown>;
  /** A JSON object of a bucket. */
  read(bucket: string, key: string): unknown;
}

/** How an execution ended. States are those entered, in order, of maps and branches too. */
export interface Execution {
  readonly status: 'SUCCEEDED' | 'FAILED';
  readonly output: unknown;
  readonly error: string | null;
  readonly cause: string | null;
  readonly entered: readonly string[];
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');
const covers = ({ ErrorEquals }: { readonly ErrorEquals: readonly string[] }, error: unknown): boolean =>
  ErrorEquals.includes(nameOf(error)) ||
  (ErrorEquals.includes('States.ALL') && nameOf(error) !== 'States.Runtime') ||
  (ErrorEquals.includes('States.TaskFailed') && !nameOf(error).startsWith('States.'));

class Failed extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Executes a definition in the Amazon States Language: the states and fields that winback's night uses, after
 * https://states-language.net/spec.html. Retries do not wait. As in AWS, a path that leads nowhere fails the execution and
 * is not caught.
 */
export async function execute(machine: Machine, input: unknown, world: World): Promise<Execution> {
  const entered: string[] = [];
  const Id = 'arn:aws:states:eu-central-1:123456789012:execution:night:test';
  const execution = { Execution: { Id, Input: input } };

  async function resultOf(state: State, told: unknown, context: object): Promise<unknown> {
    const data = state.InputPath === undefined ? told : lookUp(state.InputPath, told, context);
    const parameters = state.Parameters === undefined ? data : filledIn(state.Parameters, data, context);
    switch (state.Type) {
      case 'Task':
        return structuredClone(await world.call(state.Resource ?? '', structuredClone(parameters)));
      case 'Pass':
        return state.Result ?? parameters;
      case 'Parallel':
        return Promise.all((state.Branches ?? []).map((branch) => run(branch, parameters, context)));
      case 'Map': {
        const reader = state.ItemReader;
        const place = filledIn(reader?.Parameters, data, context) as { Bucket: string; Key: string } | undefined;
        const items = (
          place ? world.read(place.Bucket, place.Key) : valueAt(state.ItemsPath ?? '$', data)
        ) as unknown[];
        if (place && items.length === 0) throw new PathError('a distributed map without items is not settled');
        const each = (item: unknown, Index: number): Promise<unknown> => {
          const inItem = { ...context, Map: { Item: { Index, Value: item } } };
          const told = state.ItemSelector === undefined ? item : filledIn(state.ItemSelector, data, inItem);
          return run(state.ItemProcessor as Machine, told, inItem);
        };
        const results: unknown[] = [];
        for (const [index, item] of items.entries()) results.push(await each(item, index));
        return results;
      }
      default:
        throw new PathError(`a state of type ${state.Type} is not known here`);
    }
  }

  async function retried(state: State, data: unknown, context: object): Promise<unknown> {
    const tries = new Map<unknown, number>();
    for (;;) {
      try {
        return await resultOf(state, data, context);
      } catch (error) {
        const retrier = state.Retry?.find((each) => covers(each, error));
        const used = tries.get(retrier) ?? 0;
        if (!retrier || used >= retrier.MaxAttempts) throw error;
        tries.set(retrier, used + 1);
      }
    }
  }

  async function run(part: Machine, told: unknown, context: object): Promise<unknown> {
    let data = told;
    for (let name: string | undefined = part.StartAt; ; ) {
      const state: State | undefined = name === undefined ? undefined : part.States[name];
      if (!state || name === undefined) throw new PathError(`there is no state ${name}`);
      const strange = Object.keys(state).filter((field) => !known.has(field));
      if (strange.length > 0) throw new PathError(`${name} says ${strange.join(', ')}, which is not known here`);
      entered.push(name);
      if (state.Type === 'Fail') {
        throw new Failed(String(valueAt(state.ErrorPath ?? '', data)), String(valueAt(state.CausePath ?? '', data)));
      }
      if (state.Type === 'Succeed') return data;
      if (state.Type === 'Choice') {
        const current = data;
        const choice: { readonly Next: string } | undefined = state.Choices?.find(
          ({ Variable, NumericEquals, BooleanEquals }) =>
            valueAt(Variable, current) === (NumericEquals ?? BooleanEquals),
        );
        name = choice?.Next ?? state.Default;
        continue;
      }
      try {
        const result = await retried(state, data, context);
        const selected = state.ResultSelector === undefined ? result : filledIn(state.ResultSelector, result, context);
        data = placedAt(state.ResultPath, data, selected);
        if (state.OutputPath) data = valueAt(state.OutputPath, data);
        if (JSON.stringify(data).length > 256 * 1024) throw new Failed('States.DataLimitExceeded', `after ${name}`);
        if (state.End) return data;
        name = state.Next;
      } catch (error) {
        const catcher = state.Catch?.find((each) => covers(each, error));
        if (!catcher) throw error;
        const failure = { Error: nameOf(error), Cause: error instanceof Error ? error.message : String(error) };
        data = placedAt(catcher.ResultPath, data, failure);
        name = catcher.Next;
      }
    }
  }

  try {
    return { status: 'SUCCEEDED', output: await run(machine, input, execution), error: null, cause: null, entered };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { status: 'FAILED', output: null, error: nameOf(error), cause, entered };
  }
}
