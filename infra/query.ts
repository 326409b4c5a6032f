import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from './settings.ts';
import { queryResultsPrefix, type Storage } from './storage.ts';

const bytesPerGb = 1_000_000_000;

/**
 * Where statements run: a workgroup for tables without contact data, and one for statements that join contacts, whose
 * results stay in the personal-data bucket. What a client asks for is overruled: place, encryption and scan limit of
 * results are the workgroup's.
 */
export class Query extends Construct {
  readonly workgroup: CfnWorkGroup;
  readonly contactsWorkgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, deployment: Deployment, storage: Storage) {
    super(scope, id);
    const workgroup = (name: string, suffix: string, description: string, results: Bucket, key: Key) =>
      new CfnWorkGroup(this, name, {
        name: `winback-${deployment.stage}${suffix}`,
        description,
        recursiveDeleteOption: deployment.mayRemoveData,
        workGroupConfiguration: {
          enforceWorkGroupConfiguration: true,
          publishCloudWatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: Math.round(deployment.scan_limit_gb * bytesPerGb),
          engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
          resultConfiguration: {
            outputLocation: `s3://${results.bucketName}/${queryResultsPrefix}`,
            expectedBucketOwner: Aws.ACCOUNT_ID,
            encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
          },
        },
      });
    const { lake, lakeKey, personal, personalKey } = storage;
    this.workgroup = workgroup('Workgroup', '', 'winback: tables without contact data', lake, lakeKey);
    this.contactsWorkgroup = workgroup(
      'ContactsWorkgroup',
      '-contacts',
      'winback: statements that join contact data',
      personal,
      personalKey,
    );
  }
}
