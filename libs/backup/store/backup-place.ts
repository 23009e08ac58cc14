import { resolve } from 'node:path';
import type { Settings } from '#app-config';
import { bucketOfSettings, type StoragePlace } from '#archive-storage';

const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[a-z0-9_=-]+)*)\/?$/;

/**
 * Where backups are: `s3://bucket/folder`, reached as the settings of S3 say, or a directory.
 *
 * @returns undefined where it begins as a bucket and is none
 */
export function backupPlace(boot: Settings['boot'], text: string): StoragePlace | undefined {
  if (!text.startsWith('s3:')) return { directory: resolve(text) };
  const [, bucket, folders = ''] = BUCKET.exec(text) ?? [];
  if (bucket === undefined) return undefined;
  const prefix = folders === '' ? '' : `${folders.slice(1)}/`;
  return { bucket: bucketOfSettings(boot, bucket, prefix) };
}
