import { type CfnElement, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import {
  ContextAttribute,
  type IScheduleTarget,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke, StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Deployment } from '../settings.ts';

/** What is started by the shop's clock. */
interface Started {
  readonly stateMachine: StateMachine;
  readonly watch: Lambda;
}

/**
 * By the shop's clock the night begins, and later somebody looks whether it has published. A start that cannot be
 * delivered waits in the dead-letter queue.
 */
export class NightlySchedule extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, deployment: Deployment, { stateMachine, watch }: Started) {
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
    watch.configureAsyncInvoke({ onFailure: new SqsDestination(this.deadLetters), retryAttempts: 2 });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
      description: 'winback: starts the night and who watches it',
    });
    acknowledge(role, {
      [`AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(watch.node.defaultChild as CfnElement)}.Arn>:*]`]:
        'Versions of the one function that is started.',
    });
    const options = {
      role,
      deadLetterQueue: this.deadLetters,
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
      // The time it was due, the same for each try: it names the day.
      input: ScheduleTargetInput.fromObject({ scheduled_time: ContextAttribute.scheduledTime }),
    };
    const daily = (name: string, description: string, clock: string, target: IScheduleTarget) => {
      const [hour, minute] = clock.split(':').map((digits) => String(Number(digits)));
      const timeZone = TimeZone.of(deployment.shop.shop.time_zone);
      return new Schedule(this, name, {
        scheduleName: `winback-${deployment.stage}-${name.toLowerCase()}`,
        description: `winback: ${description}`,
        schedule: ScheduleExpression.cron({ hour: hour ?? '0', minute: minute ?? '0', timeZone }),
        target,
      });
    };
    daily('Night', 'the night begins', deployment.starts_at, new StepFunctionsStartExecution(stateMachine, options));
    daily('Watch', 'the lists are due', deployment.finished_by, new LambdaInvoke(watch, options));
  }
}
