import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './settings.ts';

/** Where people are told: operators of alarms, marketing of new lists. No contact data is in either. */
export class Notices extends Construct {
  readonly key: Key;
  readonly alarms: Topic;
  readonly published: Topic;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'winback: alarms and notices',
      enableKeyRotation: true,
      removalPolicy: deployment.mayRemoveData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    const senders = ['cloudwatch', 'budgets'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`));
    const conditions = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: senders,
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions,
      }),
    );
    const topic = (name: string, displayName: string) =>
      new Topic(this, name, { displayName, masterKey: this.key, enforceSSL: true });
    this.alarms = topic('Alarms', `winback ${deployment.stage}: alarms`);
    this.published = topic('Published', `winback ${deployment.stage}: new lists`);
    this.alarms.addToResourcePolicy(
      new PolicyStatement({
        principals: senders,
        actions: ['sns:Publish'],
        resources: [this.alarms.topicArn],
        conditions,
      }),
    );
    acknowledge(this.alarms, {
      'Serverless-SNSRedrivePolicy': 'Mail that does not arrive is not tried again; the alarm stays up in the console.',
    });
    if (deployment.alarm_email) this.alarms.addSubscription(new EmailSubscription(deployment.alarm_email));
  }
}
