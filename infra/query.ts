import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Deployment } from './settings.ts';
import { analystResultsPrefix, queryResultsPrefix, type Storage } from './storage.ts';

const bytesPerGb = 1_000_000_000;

/** Where a workgroup leaves results. */
interface Results {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly prefix?: string;
}

/**
 * Where statements run: a workgroup for tables without contact data, one for statements that join contacts, whose
 * results stay in the personal-data bucket, and one for analysts. What a client asks for is overruled: place, encryption and scan limit of
 * results are the workgroup's.
 */
export class Query extends Construct {
  readonly workgroup: CfnWorkGroup;
  readonly contactsWorkgroup: CfnWorkGroup;
  readonly analystsWorkgroup: CfnWorkGroup;

  constructor(scope: Construct, id: string, deployment: Deployment, storage: Storage) {
    super(scope, id);
    const workgroup = (
      name: string,
      suffix: string,
      description: string,
      { bucket, key, prefix = queryResultsPrefix }: Results,
    ) =>
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
            outputLocation: `s3://${bucket.bucketName}/${prefix}`,
            expectedBucketOwner: Aws.ACCOUNT_ID,
            encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
          },
        },
      });
    const { lake, lakeKey, personal, personalKey } = storage;
    this.workgroup = workgroup('Workgroup', '', 'winback: tables without contact data', { bucket: lake, key: lakeKey });
    this.contactsWorkgroup = workgroup('ContactsWorkgroup', '-contacts', 'winback: statements that join contact data', {
      bucket: personal,
      key: personalKey,
    });
    this.analystsWorkgroup = workgroup('AnalystsWorkgroup', '-analysts', 'winback: queries of analysts', {
      bucket: lake,
      key: lakeKey,
      prefix: analystResultsPrefix,
    });
  }
}
