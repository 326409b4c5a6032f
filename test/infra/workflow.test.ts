import { readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, it, test } from 'vitest';
import { functionNames, functionSpecs, nightFunctionNames } from '../../infra/functions/specs.ts';
import { workflowDefinition } from '../../infra/workflow/definition.ts';
import { erasureDefinition } from '../../infra/workflow/erasure.ts';
import { stages } from '../../lambdas/pipeline.ts';
import { QueryTimeout } from '../../lambdas/platform/aws/athena-query.ts';
import {
  ConfigError,
  GateFailed,
  LakeAccessError,
  NothingToDo,
  PreconditionFailed,
  QueryError,
} from '../../lambdas/platform/errors.ts';
import { deployment, spelled, templateOf } from './synthesize.ts';

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly JitterStrategy?: string;
    readonly BackoffRate: number;
  }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig: Readonly<Record<string, string>> };
  readonly TimeoutSeconds?: number;
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

const runbook = readFileSync(new URL('../../docs/operator-runbook.md', import.meta.url), 'utf8');
const region = 'eu-central-1:123456789012';
const arnOf = (name: string): string => `arn:aws:lambda:${region}:function:${name}`;
type ArnOf = (name: string) => string;

const functionArns = (arn: ArnOf) =>
  Object.fromEntries(functionNames.map((name) => [name, arn(name)])) as Record<(typeof functionNames)[number], string>;

const written = workflowDefinition({
  partition: 'aws',
  stage: 'test',
  functionArns: functionArns(arnOf),
  lakeBucket: 'lake',
  personalBucket: 'personal',
  alarmsTopic: `arn:aws:sns:${region}:alarms`,
  publishedTopic: `arn:aws:sns:${region}:published`,
});
/** The definition as it is deployed: JSON. */
const definition = JSON.parse(JSON.stringify(written)) as Machine & { readonly TimeoutSeconds: number };

const inner = (state: State): readonly Machine[] => [
  ...(state.Branches ?? []),
  ...(state.ItemProcessor ? [state.ItemProcessor] : []),
];
const everyState = (machine: Machine): [string, State][] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...inner(state).flatMap(everyState),
  ]);
const states = everyState(definition);
const functionOf = ({ Resource = '' }: State): string | undefined =>
  functionNames.find((name) => arnOf(name) === Resource);

const erasing = JSON.parse(JSON.stringify(erasureDefinition(arnOf('erase')))) as typeof definition;

test.each([
  ['the night', definition],
  ['erasing', erasing],
])('%s is valid', (_, machine) => {
  const verdict = validate(structuredClone(machine));
  expect(verdict.errors).toEqual([]);
  expect(verdict.isValid).toBe(true);
});

/** Functions in the order in which a night that goes well calls them; what runs side by side together. */
function order(machine: Machine): string[][] {
  const called: string[][] = [];
  for (let name: string | undefined = machine.StartAt; name; ) {
    const state: State | undefined = machine.States[name];
    if (!state) throw new Error(`there is no state ${name}`);
    const own = functionOf(state);
    const below = inner(state).map((each) => order(each).flat());
    if (own) called.push([own]);
    else if (below.length > 0) called.push(below.flat());
    name = state.Default ?? state.Next;
  }
  return called;
}

test('calls every function, in the order of the pipeline', () => {
  const night = order(definition);
  const pipeline = stages.flatMap((names): string[][] =>
    names[0] === 'score' ? [['scorePart'], ['score']] : [[...names]],
  );
  expect(night).toEqual([['reconcile'], ['ingest'], ['claim'], ...pipeline]);
  expect(night.flat().sort()).toEqual([...nightFunctionNames].sort());
});

const retried = (state: State): string[] => (state.Retry ?? []).flatMap(({ ErrorEquals }) => [...ErrorEquals]);
const calls = states.filter(([, state]) => functionOf(state));
const everyCall = [...calls, ...everyState(erasing).filter(([, state]) => functionOf(state))];

describe.each(everyCall)('%s', (_, state) => {
  it('is called again when the service, S3 or Athena had trouble', () => {
    expect(retried(state)).toEqual(
      expect.arrayContaining([
        'Lambda.TooManyRequestsException',
        'Lambda.ServiceException',
        LakeAccessError.name,
        QueryTimeout.name,
        'ThrottlingException',
      ]),
    );
    for (const { JitterStrategy, BackoffRate } of state.Retry ?? []) {
      expect(JitterStrategy).toBe('FULL');
      expect(BackoffRate).toBeGreaterThan(1);
    }
  });

  it('is not called again when the same would come of it', () => {
    for (const error of [GateFailed, PreconditionFailed, ConfigError, QueryError, NothingToDo])
      expect(retried(state)).not.toContain(error.name);
    for (const wide of ['States.ALL', 'States.TaskFailed']) expect(retried(state)).not.toContain(wide);
  });

  it('is given its time and not much more', () => {
    const seconds = functionSpecs[functionOf(state) as keyof typeof functionSpecs].minutes * 60;
    expect(state.TimeoutSeconds).toBeGreaterThan(seconds);
    expect(state.TimeoutSeconds).toBeLessThan(seconds + 60);
  });
});

const afterCommit = ['TellPeople', 'TellSystems', 'TellUntold', 'Tidy', 'TellFailure'];

test('every state before lists are published that can fail ends in a notice, and then in failure', () => {
  for (const [name, state] of Object.entries(definition.States)) {
    if (['Choice', 'Fail', 'Pass'].includes(state.Type) || afterCommit.includes(name)) continue;
    expect(state.Catch, name).toEqual([expect.objectContaining({ ErrorEquals: ['States.ALL'], Next: 'TellFailure' })]);
  }
  expect(definition.States.TellFailure?.Next).toBe('Failed');
  expect(definition.States.TellFailure?.Catch?.[0]?.Next).toBe('Failed');
  expect(definition.States.Failed?.Type).toBe('Fail');
});

test('when nobody can be told of published lists, the operator hears that they are out, and the night goes on', () => {
  const { TellPeople, TellSystems, TellUntold } = definition.States;
  for (const state of [TellPeople, TellSystems]) {
    expect(state?.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.untold', Next: 'TellUntold' }]);
  }
  expect(TellUntold).toMatchObject({
    Next: 'Tidy',
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unheard', Next: 'Tidy' }],
    Parameters: { TopicArn: `arn:aws:sns:${region}:alarms` },
  });
  const told = String(TellUntold?.Parameters?.['Message.$']);
  expect(told).toContain('The new lists ARE published');
  expect(told).not.toContain('stay in force');
  const [, section] = /operator-runbook\.md, section ([\w ]+)/.exec(told) ?? [];
  expect(runbook).toContain(`\n## ${section}\n`);
});

test('a file that cannot be taken in does not hold up the night', () => {
  const file = states.find(([name]) => name === 'IngestFile')?.[1];
  expect(file?.Catch?.[0]).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'FileStaysMissing' });
});

test('tidies up when everybody has been told, and a night whose tidying fails is still a good one', () => {
  expect(definition.States.TellSystems?.Next).toBe('Tidy');
  expect(definition.States.Tidy?.Catch).toEqual([
    { ErrorEquals: ['States.ALL'], ResultPath: '$.untidy', Next: 'StaysUntidy' },
  ]);
  expect(definition.States.StaysUntidy).toMatchObject({ Type: 'Pass', End: true });
});

test('tells each step the run and nothing else', () => {
  const steps = calls.filter(([, state]) => (stages.flat() as string[]).includes(functionOf(state) ?? ''));
  expect(steps).toHaveLength(stages.flat().length);
  for (const [, state] of steps) expect(state.Parameters).toEqual({ 'run.$': '$.run' });
});

test('scores in executions that may last as long as two tries take', () => {
  const map = definition.States.ScoreParts;
  expect(map?.ItemProcessor?.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' });
  expect(2 * functionSpecs.scorePart.minutes).toBeLessThan(5);
  expect(JSON.stringify(map)).not.toMatch(/Tolerated|ItemBatcher/);
});

test('goes past the map when there is nobody to score', () => {
  const { Choices, Default } = definition.States.AnyBuyers ?? { Choices: [], Default: '' };
  expect(Choices?.map(({ Next }) => Next)).toEqual(['Score']);
  expect(Default).toBe('ScoreParts');
});

test('erasing is called with what the operator said until it is done, for as long as the largest lake may take', () => {
  const { Erase, IsDone, Erased } = erasing.States;
  expect(Erase).toMatchObject({ InputPath: '$$.Execution.Input', Next: 'IsDone' });
  expect(IsDone).toMatchObject({
    Choices: [{ Variable: '$.is_done', BooleanEquals: false, Next: 'Erase' }],
    Default: 'Erased',
  });
  expect(Erased?.Type).toBe('Succeed');
  expect(erasing.TimeoutSeconds).toBeGreaterThan(50 * functionSpecs.erase.minutes * 60);
});

test('ends a night that hangs, long after the longest that works', () => {
  expect(definition.TimeoutSeconds).toBe(8 * 3600);
});

describe('deployed', () => {
  const template = templateOf(deployment({ shop: { shop: { time_zone: 'Europe/Budapest' } }, starts_at: '03:05' }));
  const machineOf = (name: string): Record<string, unknown> | undefined =>
    Object.values(template.findResources('AWS::StepFunctions::StateMachine'))
      .map(({ Properties }) => Properties as Record<string, unknown>)
      .find(({ StateMachineName }) => StateMachineName === `winback-test-${name}`);

  it.each(['night', 'erasure'])('the %s logs everything but what states were told, and traces', (name) => {
    const machine = machineOf(name);
    expect(machine?.LoggingConfiguration).toMatchObject({ IncludeExecutionData: false, Level: 'ALL' });
    expect(machine?.TracingConfiguration).toEqual({ Enabled: true });
  });

  it('erasing is the definition that is tested, with the function of the stack', () => {
    const inStack = erasureDefinition('<FunctionsErase.Arn>');
    expect(JSON.parse(spelled(machineOf('erasure')?.DefinitionString))).toEqual(JSON.parse(JSON.stringify(inStack)));
  });

  it('is the same definition, with the references of the stack', () => {
    const inStack = workflowDefinition({
      partition: '<AWS::Partition>',
      stage: 'test',
      functionArns: functionArns((name) => `<Functions${name.charAt(0).toUpperCase()}${name.slice(1)}.Arn>`),
      lakeBucket: '<StorageLake>',
      personalBucket: '<StoragePersonal>',
      alarmsTopic: '<NoticesAlarms>',
      publishedTopic: '<NoticesPublished>',
    });
    expect(JSON.parse(spelled(machineOf('night')?.DefinitionString))).toEqual(inStack);
  });

  it("starts by the shop's clock, is tried again, and what cannot be started is kept", () => {
    const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule'));
    const schedule = schedules.find(({ Properties }) => Properties.Name === 'winback-test-night')?.Properties as Record<
      string,
      unknown
    >;
    expect(schedule).toMatchObject({
      ScheduleExpression: 'cron(5 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Budapest',
      FlexibleTimeWindow: { Mode: 'OFF' },
      State: 'ENABLED',
    });
    const target = schedule.Target as { Input: string; DeadLetterConfig: object; RetryPolicy: object };
    expect(JSON.parse(target.Input)).toEqual({ scheduled_time: '<aws.scheduler.scheduled-time>' });
    expect(spelled((target.DeadLetterConfig as { Arn: unknown }).Arn)).toBe('<ScheduleDeadLetters.Arn>');
    expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 7200, MaximumRetryAttempts: 10 });
  });
});
