import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Functions } from '../functions/functions.ts';
import type { FunctionName } from '../functions/specs.ts';
import type { IngestPath } from '../ingest-path.ts';
import type { Notices } from '../notices.ts';
import type { Deployment } from '../settings.ts';
import type { Erasure } from '../workflow/erasure.ts';
import type { NightlySchedule } from '../workflow/schedule.ts';
import type { Workflow } from '../workflow/workflow.ts';

/** What is watched. */
export interface Watched {
  readonly functions: Functions;
  readonly ingestPath: IngestPath;
  readonly workflow: Workflow;
  readonly erasure: Erasure;
  readonly schedule: NightlySchedule;
  readonly notices: Notices;
}

const often = Duration.minutes(5);
const longestWait = Duration.hours(2);

/** What has nothing to tell has no data points, and a sum of which a term is missing is missing too. */
const sumOf = (metrics: Readonly<Record<string, IMetric>>, label: string): MathExpression =>
  new MathExpression({
    expression: Object.keys(metrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(' + '),
    usingMetrics: { ...metrics },
    period: often,
    label,
  });

/**
 * An alarm for each way in which a night, a delivery or a list can go wrong. Each has a section of its name in
 * docs/operator-runbook.md.
 */
export class Alarms extends Construct {
  /** Counts of log events, for the dashboard. */
  readonly events: Readonly<Record<'refused' | 'warned' | 'overdue' | 'left' | 'waiting', Metric>>;
  readonly all: Alarm[] = [];

  constructor(scope: Construct, id: string, deployment: Deployment, watched: Watched) {
    super(scope, id);
    const { functions, ingestPath, workflow, erasure, schedule, notices } = watched;
    const namespace = `winback/${deployment.stage}`;
    const counted = (name: string, logs: readonly ILogGroup[], pattern: Record<string, string>): Metric => {
      const terms = Object.entries(pattern).map(([field, value]) =>
        FilterPattern.stringValue(`$.${field}`, '=', value),
      );
      for (const log of logs) {
        log.addMetricFilter(name, {
          filterPattern: FilterPattern.all(...terms),
          metricNamespace: namespace,
          metricName: name,
          metricValue: '1',
          defaultValue: 0,
        });
      }
      return new Metric({ namespace, metricName: name, statistic: Stats.SUM, period: often, label: name });
    };
    this.events = {
      refused: counted('FilesRefused', [functions.logs.ingest], { event: 'file_ingested', verdict: 'refused' }),
      warned: counted('GatesWarned', [functions.logs.gates, functions.logs.train], { event: 'gate_warned' }),
      overdue: counted('NightsOverdue', [functions.logs.watch], { event: 'night_overdue' }),
      left: counted('DeliveriesLeft', [functions.logs.reconcile], { event: 'deliveries_left' }),
      waiting: counted('ErasuresWaiting', [functions.logs.reconcile], { event: 'erasures_waiting' }),
    };
    const alarm = (name: string, says: string, metric: IMetric, threshold = 1): void => {
      const made = new Alarm(this, name, {
        alarmName: `winback-${deployment.stage}-${name}`,
        alarmDescription: `${says} What to do: docs/operator-runbook.md, section ${name}.`,
        metric,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction(new SnsAction(notices.alarms));
      this.all.push(made);
    };

    const badEnds = ({ stateMachine }: { readonly stateMachine: StateMachine }) => ({
      failed: stateMachine.metricFailed({ period: often }),
      hung: stateMachine.metricTimedOut({ period: often }),
      stopped: stateMachine.metricAborted({ period: often }),
    });
    alarm('NightFailed', 'A night ended without publishing.', sumOf(badEnds(workflow), 'nights failed'));
    alarm(
      'ErasureFailed',
      'Requests to erase people were not carried out.',
      sumOf(badEnds(erasure), 'erasures failed'),
    );
    alarm('ErasuresWaiting', 'A request to erase people has waited for more than a day.', this.events.waiting);
    alarm('NoNightFinished', `The lists due by ${deployment.finished_by} are not published.`, this.events.overdue);
    alarm(
      'GateWarned',
      'A quality gate, or the watch over the model, let the night pass with a warning.',
      this.events.warned,
    );
    alarm('FileRefused', 'A delivered file cannot be trusted and was refused.', this.events.refused);
    alarm(
      'IngestBacklog',
      `A delivery has waited for more than ${longestWait.toHours()} hours.`,
      ingestPath.queue.metricApproximateAgeOfOldestMessage({ period: often }),
      longestWait.toSeconds(),
    );
    alarm('DeliveriesLeft', 'More deliveries are missing than one night takes in.', this.events.left);
    const waiting = { period: often, statistic: Stats.MAXIMUM };
    alarm(
      'IngestDeadLetters',
      'A delivery could not be taken in.',
      ingestPath.deadLetters.metricApproximateNumberOfMessagesVisible(waiting),
    );
    alarm(
      'ScheduleDeadLetters',
      'A scheduled start did not happen.',
      schedule.deadLetters.metricApproximateNumberOfMessagesVisible(waiting),
    );
    const perFunction = (names: readonly FunctionName[], metric: 'metricErrors' | 'metricThrottles') =>
      Object.fromEntries(names.map((name) => [name, functions.byName[name][metric]({ period: often })]));
    alarm(
      'FunctionErrors',
      'A function that no state machine waits for failed.',
      sumOf(perFunction(['ingest', 'watch'], 'metricErrors'), 'errors'),
    );
    alarm(
      'TidyFailed',
      'What is kept no longer was not removed.',
      sumOf(perFunction(['tidy'], 'metricErrors'), 'errors'),
    );
    alarm(
      'FunctionThrottled',
      "The account's limit of concurrent functions holds winback up.",
      sumOf(perFunction(['ingest', 'scorePart'], 'metricThrottles'), 'throttles'),
      10,
    );
  }
}
