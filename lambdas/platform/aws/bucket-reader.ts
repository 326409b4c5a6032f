import { S3Client } from '@aws-sdk/client-s3';
import { LakeAccessError, WinbackError } from '../errors.ts';
import type { ObjectStore } from '../object-store.ts';
import { s3Store } from './s3-store.ts';

const hasOwnEndpoint = (): boolean => Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);

/** Failures before S3 answers: no credentials, no region, no network. */
const unreachable = (bucket: string, error: unknown): LakeAccessError =>
  new LakeAccessError(
    `s3://${bucket} cannot be reached: ${error instanceof Error ? error.message || error.name : String(error)}`,
    'Check the AWS credentials (AWS_PROFILE, or aws sso login), AWS_REGION and the network.',
    { cause: error },
  );

/**
 * The objects of one bucket, to read, with the credentials, region and endpoint that the environment names for AWS.
 * @param prefix what stands before every key: empty, or with a slash at its end
 */
export function bucketReader(bucket: string, prefix: string): Pick<ObjectStore, 'read'> {
  const client = new S3Client({ followRegionRedirects: true, forcePathStyle: hasOwnEndpoint() });
  const store = s3Store(client, { lake: bucket, personal: bucket });
  return {
    read: (key) =>
      store.read(prefix + key).catch((error: unknown) => {
        throw error instanceof WinbackError ? error : unreachable(bucket, error);
      }),
  };
}
