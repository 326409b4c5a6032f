import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { dealtWith } from '../../lambdas/lake/file-kinds.ts';
import { deployment, templateOf } from './synthesize.ts';

const template = templateOf(deployment({ scan_limit_gb: 12, query_results_days: 3, landing_days: 400 }));

interface Resource {
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

const resources = (of: Template, type: string): [string, Resource][] =>
  Object.entries(of.findResources(type) as Record<string, Resource>);

const buckets = resources(template, 'AWS::S3::Bucket');
const dataBuckets = buckets.filter(([id]) => !id.includes('AccessLogs'));

/** The logical id that a resource's property refers to. */
const referenced = (value: unknown): string => /Storage[A-Za-z]+[0-9A-F]{8}/.exec(JSON.stringify(value))?.[0] ?? '';

describe('buckets', () => {
  it('are landing, lake and personal data, with one for access logs', () => {
    expect(dataBuckets.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
      'StorageLanding',
      'StorageLake',
      'StoragePersonal',
    ]);
    expect(buckets).toHaveLength(4);
  });

  it.each(buckets)('%s is private, encrypted and kept', (_, { Properties, DeletionPolicy }) => {
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(Properties.BucketEncryption).toBeDefined();
    expect(DeletionPolicy).toBe('Retain');
  });

  it.each(buckets)('%s refuses access without TLS 1.2', (id) => {
    const policies = resources(template, 'AWS::S3::BucketPolicy').filter(
      ([, { Properties }]) => referenced(Properties.Bucket) === id,
    );
    expect(policies).toHaveLength(1);
    const denied = JSON.stringify(policies[0]?.[1].Properties.PolicyDocument);
    expect(denied).toContain('"Bool":{"aws:SecureTransport":"false"}');
    expect(denied).toContain('"NumericLessThan":{"s3:TlsVersion":1.2}');
  });

  it.each(dataBuckets)('%s is versioned, logged and encrypted with a key of ours', (_, { Properties }) => {
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Properties.LoggingConfiguration).toBeDefined();
    expect(Properties.LifecycleConfiguration).toMatchObject({
      Rules: expect.arrayContaining([
        expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 30 }, Status: 'Enabled' }),
      ]),
    });
    expect(JSON.stringify(Properties.BucketEncryption)).toContain('"SSEAlgorithm":"aws:kms"');
  });

  it('that hold contact data share a key, which tables without them do not have', () => {
    const [landing, lake, personal] = dataBuckets.map(([, { Properties }]) => referenced(Properties.BucketEncryption));
    expect(landing).toBe(personal);
    expect(lake).not.toBe(personal);
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('let query results expire, and where that is asked for deliveries that were dealt with, and no others', () => {
    const expiring = (id: string) =>
      JSON.stringify(dataBuckets.find(([name]) => name.startsWith(id))?.[1].Properties.LifecycleConfiguration);
    expect(expiring('StorageLake')).toContain('"ExpirationInDays":3,"Prefix":"query-results/"');
    expect(expiring('StorageLake')).toContain('"ExpirationInDays":3,"Prefix":"analysts-results/"');
    expect(expiring('StoragePersonal')).toContain('"ExpirationInDays":3,"Prefix":"query-results/"');
    const { key, value } = dealtWith;
    expect(expiring('StorageLanding')).toContain(
      `"ExpirationInDays":400,"Status":"Enabled","TagFilters":[{"Key":"${key}","Value":"${value}"}]`,
    );
    expect(expiring('StorageLanding').match(/ExpirationInDays/g)).toHaveLength(1);
    const kept = templateOf(deployment()).findResources('AWS::S3::Bucket');
    const landing = Object.entries(kept).find(([id]) => id.startsWith('StorageLanding'))?.[1];
    expect(JSON.stringify(landing)).not.toContain('ExpirationInDays');
  });
});

describe('workgroups', () => {
  const workgroups = resources(template, 'AWS::Athena::WorkGroup');

  it('are one for tables, one for contacts and one for analysts, with results of contacts in their bucket', () => {
    expect(workgroups.map(([, { Properties }]) => Properties.Name)).toEqual([
      'winback-test',
      'winback-test-contacts',
      'winback-test-analysts',
    ]);
    const places = workgroups.map(([, { Properties }]) => referenced(Properties.WorkGroupConfiguration));
    expect(places[0]).toMatch(/^StorageLake/);
    expect(places[1]).toMatch(/^StoragePersonal/);
    expect(places[2]).toMatch(/^StorageLake/);
  });

  it('overrule what a client asks for', () => {
    template.allResourcesProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: 12_000_000_000,
        EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
        ResultConfiguration: {
          EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() },
          OutputLocation: Match.anyValue(),
        },
      },
    });
  });
});

describe('data', () => {
  it('go with the stack only when both switches are set', () => {
    const removable = templateOf(deployment({ removable: true }, 'test'));
    for (const [, bucket] of resources(removable, 'AWS::S3::Bucket')) expect(bucket.DeletionPolicy).toBe('Delete');
    for (const [, key] of resources(removable, 'AWS::KMS::Key')) expect(key.DeletionPolicy).toBe('Delete');
    removable.resourceCountIs('Custom::S3AutoDeleteObjects', 4);
    template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    for (const [, key] of resources(template, 'AWS::KMS::Key')) expect(key.DeletionPolicy).toBe('Retain');
  });
});
