import { Duration, TimeZone } from 'aws-cdk-lib';
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Deployment } from '../settings.ts';

/** Starts the night by the shop's clock. A start that cannot be delivered waits in the dead-letter queue. */
export class NightlySchedule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, deployment: Deployment, stateMachine: StateMachine) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(this.deadLetters, {
      'AwsSolutions-SQS3': 'It is the dead-letter queue itself.',
      'Serverless-SQSRedrivePolicy': 'It is the dead-letter queue itself.',
    });
    const [hour = '', minute = ''] = deployment.starts_at.split(':');
    new Schedule(this, 'Nightly', {
      scheduleName: `winback-${deployment.stage}-nightly`,
      description: `winback: the night begins at ${deployment.starts_at}, ${deployment.shop.shop.time_zone}`,
      schedule: ScheduleExpression.cron({
        hour: String(Number(hour)),
        minute: String(Number(minute)),
        timeZone: TimeZone.of(deployment.shop.shop.time_zone),
      }),
      target: new StepFunctionsStartExecution(stateMachine, {
        deadLetterQueue: this.deadLetters,
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        // The time it was due, the same for each try: it names the day.
        input: ScheduleTargetInput.fromObject({ scheduled_time: ContextAttribute.scheduledTime }),
      }),
    });
  }
}
