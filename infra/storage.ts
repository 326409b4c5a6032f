import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type BucketProps, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { dealtWith } from '../lambdas/lake/file-kinds.ts';
import type { Deployment } from './settings.ts';

/** Where Athena leaves the results of queries, in the bucket of what they were asked of. */
export const queryResultsPrefix = 'query-results/';
/** Those of analysts' queries, which the pipeline's functions have no business with. */
export const analystResultsPrefix = 'analysts-results/';

const isCleanedUp = (deployment: Deployment) => ({
  removalPolicy: deployment.mayRemoveData ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  autoDeleteObjects: deployment.mayRemoveData,
});

const isPrivate = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
} satisfies BucketProps;

const lifecycle = (deployment: Deployment): LifecycleRule => ({
  abortIncompleteMultipartUploadAfter: Duration.days(1),
  noncurrentVersionExpiration: Duration.days(deployment.previous_versions_days),
  expiredObjectDeleteMarker: true,
});

/**
 * Where data lie: three buckets, private, encrypted, versioned and logged. Keys are those of lambdas/lake/zones.ts.
 * - `landing`: exports as delivered, contact data in them
 * - `lake`: tables and models; pseudonymous keys only
 * - `personal`: what lies under `personal/` and `published/`: contact data
 */
export class Storage extends Construct {
  readonly landing: Bucket;
  readonly lake: Bucket;
  readonly personal: Bucket;
  readonly lakeKey: Key;
  /** Encrypts everything that holds contact data, so that one grant decides who can read any of it. */
  readonly personalKey: Key;

  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const { removalPolicy } = isCleanedUp(deployment);
    this.lakeKey = new Key(this, 'LakeKey', {
      description: 'winback: tables without contact data',
      enableKeyRotation: true,
      removalPolicy,
    });
    this.personalKey = new Key(this, 'PersonalKey', {
      description: 'winback: exports, contact data and audience files',
      enableKeyRotation: true,
      removalPolicy,
    });
    const logs = new Bucket(this, 'AccessLogs', {
      ...isPrivate,
      ...isCleanedUp(deployment),
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(deployment.access_logs_days) }],
    });
    const bucket = (name: string, encryptionKey: Key, rules: LifecycleRule[]) =>
      new Bucket(this, name, {
        ...isPrivate,
        ...isCleanedUp(deployment),
        encryption: BucketEncryption.KMS,
        encryptionKey,
        bucketKeyEnabled: true,
        versioned: true,
        serverAccessLogsBucket: logs,
        serverAccessLogsPrefix: `${name.toLowerCase()}/`,
        lifecycleRules: [lifecycle(deployment), ...rules],
      });
    const [queryResults, analystResults] = [queryResultsPrefix, analystResultsPrefix].map((prefix) => ({
      prefix,
      expiration: Duration.days(deployment.query_results_days),
    })) as [LifecycleRule, LifecycleRule];
    const isDealtWith = { tagFilters: { [dealtWith.key]: dealtWith.value } };
    const landed = deployment.landing_days
      ? [{ ...isDealtWith, expiration: Duration.days(deployment.landing_days) }]
      : [];
    this.landing = bucket('Landing', this.personalKey, landed);
    this.lake = bucket('Lake', this.lakeKey, [queryResults, analystResults]);
    this.personal = bucket('Personal', this.personalKey, [queryResults]);
  }
}
