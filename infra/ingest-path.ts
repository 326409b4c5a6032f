import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { functionSpecs } from './functions/specs.ts';
import type { Storage } from './storage.ts';

/** Deliveries that are worked on at a time. */
export const ingestConcurrency = 4;
/** A message that failed so often is put aside. */
const mostReceives = 3;

/**
 * How a delivery reaches the lake: the landing bucket tells a queue, the queue calls the function, one file at a time. A
 * message that keeps failing waits in the dead-letter queue; the nightly reconciliation finds its file in any case.
 */
export class IngestPath extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, storage: Storage, ingest: Lambda) {
    super(scope, id);
    const common = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: storage.personalKey,
      enforceSSL: true,
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...common, retentionPeriod: Duration.days(14) });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // A message keeps its age when it is put aside, and would be gone too soon.
      retentionPeriod: Duration.days(4),
      // Lambda asks for six times the function's time.
      visibilityTimeout: Duration.minutes(6 * functionSpecs.ingest.minutes),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: mostReceives },
    });
    acknowledge(this.deadLetters, { 'Serverless-SQSRedrivePolicy': 'It is the dead-letter queue itself.' });
    acknowledge(ingest, {
      'Serverless-LambdaEventSourceMappingDestination':
        'What keeps failing goes to the dead-letter queue of the queue.',
    });
    this.letBucketSend(storage);
    ingest.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: 1,
        maxConcurrency: ingestConcurrency,
        reportBatchItemFailures: true,
      }),
    );
  }

  /**
   * Bucket and queue name each other: the bucket may be told of the queue only when the queue lets it send, and the queue
   * would name a bucket that is not there yet. So it lets every bucket of the account send.
   */
  private letBucketSend({ landing, personalKey }: Storage): void {
    const conditions = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:s3:::*` },
    };
    const s3 = new ServicePrincipal('s3.amazonaws.com');
    this.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [s3],
        actions: ['sqs:SendMessage'],
        resources: [this.queue.queueArn],
        conditions,
      }),
    );
    personalKey.addToResourcePolicy(
      new PolicyStatement({
        principals: [s3],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
    const bucket = landing.node.defaultChild as CfnBucket;
    bucket.notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: this.queue.queueArn }],
    };
    for (const policy of this.queue.node.findAll()) {
      if (policy instanceof CfnQueuePolicy) bucket.addResourceDependency(policy);
    }
  }
}
