import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionNames, functionSpecs } from '../../infra/functions/specs.ts';
import { deployment, spelled, templateOf } from './synthesize.ts';

const template = templateOf(
  deployment({ alarm_email: 'operator@example.com', monthly_budget_usd: 120, finished_by: '07:15' }),
);
const runbook = readFileSync(new URL('../../docs/operator-runbook.md', import.meta.url), 'utf8');
const all = (type: string): Record<string, unknown>[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as Record<string, unknown>);

const alarms = all('AWS::CloudWatch::Alarm').map((alarm) => ({
  ...alarm,
  name: String(alarm.AlarmName).replace('winback-test-', ''),
}));
const sections = runbook
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ title: text.slice(0, text.indexOf('\n')).trim(), text }));

describe.each(alarms.map((alarm) => [alarm.name, alarm] as const))(
  'the alarm %s',
  (name, alarm: Record<string, unknown>) => {
    it('tells the operator, who finds a section of its name in the runbook', () => {
      expect((alarm.AlarmActions as unknown[]).map(spelled)).toEqual(['<NoticesAlarms>']);
      expect(alarm.AlarmDescription).toContain(`docs/operator-runbook.md, section ${name}`);
      const section = sections.find(({ title }) => title === name);
      expect(section?.text).toMatch(
        /\*\*What it means\.\*\*[\s\S]*\*\*What to look at\.\*\*[\s\S]*\*\*What to do\.\*\*/,
      );
    });

    it('is not raised by silence', () => {
      expect(alarm).toMatchObject({ EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
    });
  },
);

it('the runbook has no section for an alarm that there is not', () => {
  const known = alarms.map(({ name }) => name);
  expect(known.length).toBeGreaterThan(8);
  const named = sections.map(({ title }) => title).filter((title) => /^[A-Z][a-z]+[A-Z]/.test(title));
  expect(named.sort()).toEqual([...known, 'BudgetExceeded'].sort());
});

it('log events are counted under the names that the functions log', () => {
  const filters = all('AWS::Logs::MetricFilter').map(
    ({ FilterPattern, LogGroupName }) => `${spelled(LogGroupName)} ${FilterPattern}`,
  );
  expect(filters.sort()).toEqual([
    '<FunctionsGatesLog> { $.event = "gate_warned" }',
    '<FunctionsIngestLog> { ($.event = "file_ingested") && ($.verdict = "refused") }',
    '<FunctionsReconcileLog> { $.event = "deliveries_left" }',
    '<FunctionsReconcileLog> { $.event = "erasures_waiting" }',
    '<FunctionsTrainLog> { $.event = "gate_warned" }',
    '<FunctionsWatchLog> { $.event = "night_overdue" }',
  ]);
  const source = (path: string): string => readFileSync(new URL(`../../lambdas/${path}`, import.meta.url), 'utf8');
  for (const path of ['night/gates-handler.ts', 'train/handler.ts']) expect(source(path)).toContain('logWarned(');
  expect(source('platform/aws/step-handler.ts')).toContain("log('gate_warned'");
  for (const event of ['deliveries_left', 'erasures_waiting']) {
    expect(source('ingest/reconcile-handler.ts')).toContain(`log('${event}'`);
  }
  expect(source('ingest/ingest.ts')).toContain("log('file_ingested'");
  expect(source('night/watch-handler.ts')).toContain("'night_overdue'");
});

it('what the watch over the model warns of raises the same alarm as a gate, and the runbook says what it is', () => {
  const warned = all('AWS::Logs::MetricFilter').filter(({ FilterPattern }) =>
    /gate_warned/.test(String(FilterPattern)),
  );
  expect(warned).toHaveLength(2);
  const metrics = warned.map(({ MetricTransformations }) => (MetricTransformations as object[])[0]);
  for (const metric of metrics) {
    expect(metric).toMatchObject({ MetricName: 'GatesWarned', MetricNamespace: 'winback/test', MetricValue: '1' });
  }
  const alarm = alarms.find(({ name }) => name === 'GateWarned');
  const metric = { MetricName: 'GatesWarned', Namespace: 'winback/test' };
  expect(alarm).toMatchObject({ Metrics: [{ MetricStat: { Metric: metric } }] });
  const section = sections.find(({ title }) => title === 'GateWarned')?.text;
  for (const word of ['`drift`', '`matured`', 'matured predictions']) expect(section).toContain(word);
});

it('a sum is there although some of its terms have nothing to tell', () => {
  interface Query {
    readonly Id: string;
    readonly Expression?: string;
  }
  const sums = all('AWS::CloudWatch::Alarm').flatMap(({ Metrics }) =>
    Array.isArray(Metrics) && Metrics.some((query: Query) => query.Expression) ? [Metrics as Query[]] : [],
  );
  expect(sums).toHaveLength(5);
  for (const queries of sums) {
    const terms = queries.filter(({ Expression }) => !Expression).map(({ Id }) => `FILL(${Id}, 0)`);
    const expressions = queries.flatMap(({ Expression }) => (Expression ? [Expression.split(' + ').sort()] : []));
    expect(expressions).toEqual([terms.sort()]);
  }
});

it("lists that are late are looked for by the shop's clock", () => {
  const watch = all('AWS::Scheduler::Schedule').find(({ Name }) => Name === 'winback-test-watch');
  expect(watch).toMatchObject({ ScheduleExpression: 'cron(15 7 * * ? *)', ScheduleExpressionTimezone: 'UTC' });
  expect(spelled((watch?.Target as { Arn: unknown } | undefined)?.Arn)).toBe('<FunctionsWatch.Arn>');
});

it('the budget warns of what is spent and of what is to come', () => {
  const [budget] = all('AWS::Budgets::Budget');
  expect(budget).toMatchObject({
    Budget: { BudgetLimit: { Amount: 120, Unit: 'USD' }, CostFilters: { TagKeyValue: ['user:winback:stage$test'] } },
  });
  const warnings = budget?.NotificationsWithSubscribers as {
    Notification: object;
    Subscribers: { Address: unknown }[];
  }[];
  expect(warnings.map(({ Notification }) => Notification)).toMatchObject([
    { NotificationType: 'ACTUAL', Threshold: 80 },
    { NotificationType: 'FORECASTED', Threshold: 100 },
  ]);
  expect(warnings.map(({ Subscribers }) => spelled(Subscribers[0]?.Address))).toEqual([
    '<NoticesAlarms>',
    '<NoticesAlarms>',
  ]);
});

describe('deliveries', () => {
  const queues = Object.entries(template.findResources('AWS::SQS::Queue'));
  const queue = (id: string) =>
    queues.find(([name]) => name.replace(/[0-9A-F]{8}$/, '') === id)?.[1].Properties as Record<string, unknown>;

  it('are told to an encrypted queue that gives the function its time', () => {
    expect(queue('IngestPathQueue')).toMatchObject({ VisibilityTimeout: 6 * 60 * functionSpecs.ingest.minutes });
    expect(spelled(queue('IngestPathQueue').KmsMasterKeyId)).toBe('<StoragePersonalKey.Arn>');
    const { deadLetterTargetArn, maxReceiveCount } = queue('IngestPathQueue').RedrivePolicy as Record<string, unknown>;
    expect([spelled(deadLetterTargetArn), maxReceiveCount]).toEqual(['<IngestPathDeadLetters.Arn>', 3]);
    expect(queue('IngestPathDeadLetters')).toMatchObject({ MessageRetentionPeriod: 14 * 24 * 3600 });
    // age counts from the first queue
    expect(queue('IngestPathQueue').MessageRetentionPeriod).toBeLessThanOrEqual(4 * 24 * 3600);
  });

  it('come one at a time, and only what failed comes again', () => {
    expect(all('AWS::Lambda::EventSourceMapping')).toMatchObject([
      { BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'], ScalingConfig: { MaximumConcurrency: 4 } },
    ]);
  });

  it('may be told by buckets of this account alone, which may use the key for it', () => {
    const landing = all('AWS::S3::Bucket').find(({ NotificationConfiguration }) => NotificationConfiguration);
    expect(landing?.NotificationConfiguration).toMatchObject({
      QueueConfigurations: [{ Event: 's3:ObjectCreated:*' }],
    });
    interface Statement {
      readonly Action: unknown;
      readonly Principal?: { readonly Service?: string };
      readonly Condition?: { readonly StringEquals?: Record<string, unknown> };
    }
    const statements = [
      ...all('AWS::SQS::QueuePolicy').map(({ PolicyDocument }) => PolicyDocument),
      ...all('AWS::KMS::Key').map(({ KeyPolicy }) => KeyPolicy),
    ].flatMap((policy) => (policy as { Statement: Statement[] }).Statement);
    const toS3 = statements.filter(({ Principal }) => Principal?.Service === 's3.amazonaws.com');
    expect(toS3.map(({ Action }) => Action)).toEqual(['sqs:SendMessage', ['kms:Decrypt', 'kms:GenerateDataKey']]);
    for (const { Condition } of toS3) {
      expect(Condition?.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
    }
  });
});

it('functions run on the newest runtime, each with its own log that is not kept for ever', () => {
  const functions = all('AWS::Lambda::Function');
  expect(functions).toHaveLength(functionNames.length);
  for (const made of functions) {
    expect(made).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' } });
    expect(JSON.stringify(made.Environment)).not.toMatch(/example\.com/);
  }
  for (const log of all('AWS::Logs::LogGroup')) expect(log.RetentionInDays).toBe(90);
});

it('topics are encrypted and refuse what is not', () => {
  expect(all('AWS::SNS::Topic').every(({ KmsMasterKeyId }) => KmsMasterKeyId !== undefined)).toBe(true);
  for (const { PolicyDocument } of all('AWS::SNS::TopicPolicy')) {
    expect(JSON.stringify(PolicyDocument)).toContain('"aws:SecureTransport":"false"');
  }
  expect(all('AWS::SNS::Subscription')).toMatchObject([{ Endpoint: 'operator@example.com', Protocol: 'email' }]);
});
