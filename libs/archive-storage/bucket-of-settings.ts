import { readFileSync } from 'node:fs';
import type { Settings } from '#app-config';
import type { BucketPlace } from './storage-place.js';

type S3Settings = Pick<
  Settings['boot'],
  's3Endpoint' | 's3Region' | 's3PathStyle' | 's3AccessKeyId' | 's3SecretAccessKey' | 's3TlsCa'
>;

/**
 * A bucket of the store that the settings of S3 name.
 *
 * @param prefix before every key: empty, or folders that end with a slash
 */
export function bucketOfSettings(boot: S3Settings, bucket: string, prefix: string): BucketPlace {
  const { s3Endpoint: endpoint, s3AccessKeyId: id, s3SecretAccessKey: secret, s3TlsCa: ca } = boot;
  return {
    ...{ bucket, region: boot.s3Region, prefix, pathStyle: boot.s3PathStyle },
    ...(endpoint !== undefined && { endpoint }),
    ...(id !== undefined &&
      secret && { credentials: { accessKeyId: id, secretAccessKey: () => secret.reveal() } }),
    ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }),
  };
}
