import { Duration } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { functionNames } from '../functions/specs.ts';
import type { Query } from '../query.ts';
import type { Deployment } from '../settings.ts';
import type { Alarms, Watched } from './alarms.ts';

const half = { width: 12, height: 6 };

/** One page for the morning: did the night run, what came in, what did it cost. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, watched: Watched, alarms: Alarms, query: Query) {
    super(scope, id);
    const { functions, ingestPath, workflow } = watched;
    const period = Duration.hours(1);
    const { stateMachine } = workflow;
    const scanned = [query.workgroup, query.contactsWorkgroup].map(
      ({ name }) =>
        new Metric({
          namespace: 'AWS/Athena',
          metricName: 'ProcessedBytes',
          dimensionsMap: { WorkGroup: name, QueryState: 'SUCCEEDED', QueryType: 'DML' },
          statistic: Stats.SUM,
          period,
          label: name,
        }),
    );
    new Dashboard(this, 'Dashboard', {
      dashboardName: `winback-${deployment.stage}`,
      defaultInterval: Duration.days(14),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 24, height: 3 })],
        [
          new GraphWidget({
            title: 'Nights',
            left: [stateMachine.metricSucceeded({ period }), stateMachine.metricFailed({ period })],
            ...half,
          }),
          new GraphWidget({
            title: 'How long a night takes',
            left: [stateMachine.metricTime({ period, statistic: Stats.MAXIMUM })],
            ...half,
          }),
        ],
        [
          new GraphWidget({
            title: 'Deliveries waiting and put aside',
            left: [
              ingestPath.queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
              ingestPath.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
            ],
            ...half,
          }),
          new GraphWidget({
            title: 'Files refused, gates that warned, lists overdue',
            left: Object.values(alarms.events),
            ...half,
          }),
        ],
        [
          new GraphWidget({ title: 'Bytes scanned by Athena', left: scanned, ...half }),
          new GraphWidget({
            title: 'Longest run of each function',
            left: functionNames.map((name) =>
              functions.byName[name].metricDuration({ period, statistic: Stats.MAXIMUM, label: name }),
            ),
            ...half,
          }),
        ],
      ],
    });
  }
}
