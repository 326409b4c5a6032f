import { type StepName, stages } from '../../lambdas/pipeline.ts';
import { type FunctionName, functionSpecs } from '../functions/specs.ts';
import { ingestConcurrency } from '../ingest-path.ts';
import { functionRetries, serviceRetries } from './retries.ts';

/** What the definition names. */
export interface WorkflowParts {
  /** `aws`, or that of another partition. */
  readonly partition: string;
  readonly stage: string;
  readonly functionArns: Readonly<Record<FunctionName, string>>;
  readonly lakeBucket: string;
  readonly personalBucket: string;
  readonly alarmsTopic: string;
  readonly publishedTopic: string;
}

type State = Readonly<Record<string, unknown>>;
type States = Readonly<Record<string, State>>;

/** Feature files that are scored at a time. */
const scoringConcurrency = 20;
/** The night as a whole: beyond this something hangs. */
const longestNightSeconds = 8 * 3600;

/** Names the executions of the map over feature files. */
export const scorePartsLabel = 'ScoreParts';

const stateName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const failed = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'TellFailure' };
const run = { 'run.$': '$.run' };

/** Calls a function; it answers with its result, not with an envelope. */
const call = (parts: WorkflowParts, name: FunctionName): State => ({
  Type: 'Task',
  Resource: parts.functionArns[name],
  TimeoutSeconds: functionSpecs[name].minutes * 60 + 30,
  Retry: functionRetries,
});

const step = (parts: WorkflowParts, name: StepName): State => ({
  ...call(parts, name),
  Parameters: run,
  ResultPath: `$.${name}`,
});

const chained = (states: readonly (readonly [string, State])[], last: State): States =>
  Object.fromEntries(
    states.map(([name, state], index) => {
      const next = states[index + 1]?.[0];
      if (state.Type === 'Choice') return [name, state];
      return [name, { ...state, ...(next ? { Next: next } : last) }];
    }),
  );

/** Takes in what landed and was not taken. A file that fails does not hold up the night; it has its own alarm. */
function ingestMissing(parts: WorkflowParts): State {
  const states = {
    IngestFile: {
      ...call(parts, 'ingest'),
      Parameters: { 'key.$': '$.key' },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'FileStaysMissing' }],
      End: true,
    },
    FileStaysMissing: { Type: 'Pass', Result: { verdict: 'failed' }, End: true },
  };
  return {
    Type: 'Map',
    ItemsPath: '$.reconciled.missing',
    MaxConcurrency: ingestConcurrency,
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'IngestFile', States: states },
    ResultPath: '$.ingested',
    Catch: [failed],
  };
}

/** Scores each feature file on its own; the state after it counts that none is missing. */
const scoreParts = (parts: WorkflowParts): State => ({
  Type: 'Map',
  Label: scorePartsLabel,
  MaxConcurrency: scoringConcurrency,
  ItemReader: {
    Resource: `arn:${parts.partition}:states:::s3:getObject`,
    ReaderConfig: { InputType: 'JSON' },
    Parameters: { Bucket: parts.lakeBucket, 'Key.$': '$.features_retention.features.items' },
  },
  ItemSelector: { ...run, 'index.$': '$$.Map.Item.Value.index' },
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
    StartAt: 'ScorePart',
    States: { ScorePart: { ...call(parts, 'scorePart'), OutputPath: '$.scored', End: true } },
  },
  ResultPath: null,
  Catch: [failed],
});

/** A shop all of whose orders are without a customer has nobody to score: a map wants at least one item. */
const anyBuyers: State = {
  Type: 'Choice',
  Choices: [{ Variable: '$.features_retention.features.files', NumericEquals: 0, Next: 'Score' }],
  Default: 'ScoreParts',
};

/** Steps that do not wait for each other. */
function together(parts: WorkflowParts, names: readonly StepName[]): State {
  const branches = names.map((name) => ({
    StartAt: stateName(name),
    States: { [stateName(name)]: { ...step(parts, name), ResultPath: '$', End: true } },
  }));
  return {
    Type: 'Parallel',
    Branches: branches,
    ResultSelector: Object.fromEntries(names.map((name, index) => [`${name}.$`, `$[${index}]`])),
    ResultPath: `$.${names.join('_')}`,
    Catch: [failed],
  };
}

function stageStates(parts: WorkflowParts, names: readonly StepName[]): (readonly [string, State])[] {
  const [only, ...others] = names;
  if (!only) return [];
  if (others.length > 0) return [[names.map(stateName).join('And'), together(parts, names)]];
  const state = [stateName(only), { ...step(parts, only), Catch: [failed] }] as const;
  return only === 'score' ? [['AnyBuyers', anyBuyers], ['ScoreParts', scoreParts(parts)], state] : [state];
}

/** The lists are out by then: that somebody was not told fails no night. */
const untold = { ErrorEquals: ['States.ALL'], ResultPath: '$.untold', Next: 'TellUntold' };

/** Tells people where the new lists are, and other systems; at least once, so both name the run. */
function tellPublished(parts: WorkflowParts): (readonly [string, State])[] {
  const common = { Type: 'Task', Retry: serviceRetries, ResultPath: null, Catch: [untold] };
  const text = `New lists are published.\nManifest: s3://${parts.personalBucket}/{}\nRun: {}`;
  const message = {
    TopicArn: parts.publishedTopic,
    Subject: `winback ${parts.stage}: new lists`,
    'Message.$': `States.Format('${text}', $.publish.manifestKey, $.run.runId)`,
  };
  const detail = {
    stage: parts.stage,
    bucket: parts.personalBucket,
    'manifest_key.$': '$.publish.manifestKey',
    'run_id.$': '$.run.runId',
    'lists.$': '$.publish.lists',
  };
  const event = { Source: 'winback', DetailType: 'Lists Published', EventBusName: 'default', Detail: detail };
  const service = (name: string): string => `arn:${parts.partition}:states:::${name}`;
  return [
    ['TellPeople', { ...common, Resource: service('sns:publish'), Parameters: message }],
    ['TellSystems', { ...common, Resource: service('events:putEvents'), Parameters: { Entries: [event] } }],
  ];
}

/** Tells the operator that the lists are out without those knowing who wait for them, and goes on. */
function tellUntold(parts: WorkflowParts): State {
  const text = [
    '{}: {}',
    'The new lists ARE published, but not everybody was told of them.',
    `Manifest: s3://${parts.personalBucket}/{}`,
    'Execution: {}',
    'What to do: docs/operator-runbook.md, section Published but not told',
  ].join('\n');
  const values = '$.untold.Error, $.untold.Cause, $.publish.manifestKey, $$.Execution.Id';
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::sns:publish`,
    Parameters: {
      TopicArn: parts.alarmsTopic,
      Subject: `winback ${parts.stage}: published but not told`,
      'Message.$': `States.Format('${text}', ${values})`,
    },
    Retry: serviceRetries,
    ResultPath: null,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.unheard', Next: 'Tidy' }],
    Next: 'Tidy',
  };
}

/** Every failure before lists are published ends here: somebody is told which execution and why. What was published before stays in force. */
function tellFailure(parts: WorkflowParts): State {
  const text = [
    '{}: {}',
    'The lists published before stay in force.',
    'Execution: {}',
    'What to do: docs/operator-runbook.md, section NightFailed',
  ].join('\n');
  return {
    Type: 'Task',
    Resource: `arn:${parts.partition}:states:::sns:publish`,
    Parameters: {
      TopicArn: parts.alarmsTopic,
      Subject: `winback ${parts.stage}: the night failed`,
      'Message.$': `States.Format('${text}', $.failure.Error, $.failure.Cause, $$.Execution.Id)`,
    },
    Retry: serviceRetries,
    ResultPath: null,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.untold', Next: 'Failed' }],
    Next: 'Failed',
  };
}

/**
 * Removes what is kept no longer, when everybody has been told. It fails no night: the lists are out, an alarm of its own
 * tells of it, and the next night goes on where this one stopped.
 */
const tidyUp = (parts: WorkflowParts): (readonly [string, State])[] => [
  [
    'Tidy',
    { ...step(parts, 'tidy'), Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.untidy', Next: 'StaysUntidy' }] },
  ],
  ['StaysUntidy', { Type: 'Pass' }],
];

/**
 * The night as a state machine, in the order of the pipeline: what landed is taken in, a date is claimed, the steps
 * follow stage by stage, and people and systems are told. Between states travel keys and counts.
 */
export function workflowDefinition(parts: WorkflowParts): State {
  const states = chained(
    [
      ['Reconcile', { ...call(parts, 'reconcile'), ResultPath: '$.reconciled', Catch: [failed] }],
      ['IngestMissing', ingestMissing(parts)],
      ['Claim', { ...call(parts, 'claim'), Catch: [failed] }],
      ...stages.filter(([name]) => name !== 'tidy').flatMap((names) => stageStates(parts, names)),
      ...tellPublished(parts),
      ...tidyUp(parts),
    ],
    { End: true },
  );
  return {
    Comment: 'winback: one night',
    StartAt: 'Reconcile',
    TimeoutSeconds: longestNightSeconds,
    States: {
      ...states,
      TellUntold: tellUntold(parts),
      TellFailure: tellFailure(parts),
      Failed: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
    },
  };
}
