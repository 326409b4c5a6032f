import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { erasureRequests } from '../../lambdas/lake/file-kinds.ts';
import type { Access } from './specs.ts';

const objects = (bucket: IBucket, prefixes: readonly string[]): string[] =>
  prefixes.map((prefix) => bucket.arnForObjects(prefix.endsWith('/') ? `${prefix}*` : prefix));

/** What reading, writing and removing takes: objects, their listing, and the key that encrypts them. */
export function bucketAccess(
  bucket: IBucket,
  key: IKey,
  { read = [], list = [], write = [], remove = [] }: Access,
): PolicyStatement[] {
  const statements: PolicyStatement[] = [];
  if (read.length > 0) {
    statements.push(new PolicyStatement({ actions: ['s3:GetObject'], resources: objects(bucket, read) }));
  }
  const listed = [...read, ...list];
  if (listed.length > 0) {
    statements.push(
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        // "If exists": reading an object names no prefix, and that it is missing is told only to who may list.
        conditions: { StringLikeIfExists: { 's3:prefix': listed.map((prefix) => `${prefix}*`) } },
      }),
    );
  }
  if (write.length > 0) {
    statements.push(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resources: objects(bucket, write),
      }),
    );
  }
  if (remove.length > 0) {
    statements.push(
      new PolicyStatement({ actions: ['s3:DeleteObject'], resources: objects(bucket, remove) }),
      new PolicyStatement({
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { StringLike: { 's3:prefix': remove } },
      }),
    );
  }
  if (read.length === 0 && write.length === 0) return statements;
  const decrypts = ['kms:Decrypt'];
  const actions = write.length > 0 ? [...decrypts, 'kms:GenerateDataKey'] : decrypts;
  return [...statements, new PolicyStatement({ actions, resources: [key.keyArn] })];
}

/** Reading deliveries, and saying of one that it is dealt with. */
const takesDeliveries = ['s3:GetObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'];

/**
 * What taking deliveries, or only listing them, takes; or reading and removing requests to erase, which nobody else reads.
 */
export function landingAccess(bucket: IBucket, key: IKey, how: 'read' | 'list' | 'requests'): PolicyStatement[] {
  if (how === 'requests') return bucketAccess(bucket, key, { read: [erasureRequests], remove: [erasureRequests] });
  const list = new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });
  if (how === 'list') return [list];
  return [
    list,
    new PolicyStatement({ actions: takesDeliveries, resources: [bucket.arnForObjects('*')] }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions: takesDeliveries,
      resources: [bucket.arnForObjects(`${erasureRequests}*`)],
    }),
    new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }),
  ];
}

/** What statements are run on, and where. */
export interface Statements {
  readonly database: string;
  readonly workgroups: readonly string[];
  readonly resultBuckets: readonly IBucket[];
  /** Whether partitions may be added to tables. */
  readonly mayRegister: boolean;
  /** Whether partitions may be taken out of tables. */
  readonly mayForget: boolean;
}

const readsCatalog = ['Database', 'Table', 'Tables', 'Partition', 'Partitions'].map((what) => `glue:Get${what}`);

/** What running statements takes: the workgroups, where their results lie, and the catalog with its partitions. */
export function statementAccess(scope: Construct, about: Statements): PolicyStatement[] {
  const stack = Stack.of(scope);
  const glue = (resource: string): string => stack.formatArn({ service: 'glue', resource });
  const { database } = about;
  const registers = about.mayRegister ? ['glue:CreatePartition', 'glue:BatchCreatePartition'] : [];
  const forgets = about.mayForget ? ['glue:DeletePartition', 'glue:BatchDeletePartition'] : [];
  return [
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
      resources: about.resultBuckets.map((bucket) => bucket.bucketArn),
    }),
    new PolicyStatement({
      actions: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'],
      resources: about.workgroups.map((name) => stack.formatArn({ service: 'athena', resource: `workgroup/${name}` })),
    }),
    // Athena asks for the database `default` whatever the statement names.
    new PolicyStatement({ actions: ['glue:GetDatabase'], resources: [glue('catalog'), glue('database/default')] }),
    new PolicyStatement({
      actions: [...readsCatalog, 'glue:BatchGetPartition', ...registers, ...forgets],
      resources: [glue('catalog'), glue(`database/${database}`), glue(`table/${database}/*`)],
    }),
  ];
}
