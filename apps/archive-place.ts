import { join } from 'node:path';
import { isOneOfSeveral, type Settings } from '#app-config';
import { bucketOfSettings, type ObjectLock, type StoragePlace } from '#archive-storage';
import { processName } from './process-name.js';

/** Where settings say that archives are kept. */
export function archivePlace({ boot }: Settings): StoragePlace {
  if (boot.s3Bucket !== undefined)
    return { bucket: { ...bucketOfSettings(boot, boot.s3Bucket, boot.s3Prefix ?? ''), ...lockOf(boot) } };
  const directory = boot.archiveDir ?? join(boot.dataDir, 'archives');
  return isOneOfSeveral(boot) ? { directory, writer: processName(boot.dataDir) } : { directory };
}

function lockOf({ s3ObjectLock: mode, s3ObjectLockDays: days }: Settings['boot']): {
  readonly lock?: ObjectLock;
} {
  return mode === 'off' ? {} : { lock: { mode, days } };
}

/** Where settings say that archives may be attached from, by their names. */
export function attachablePlaces({ boot }: Settings): Readonly<Record<string, StoragePlace>> {
  return Object.fromEntries(
    [...boot.archiveAttachable].map(([name, place]) => [
      name,
      'bucket' in place
        ? { bucket: bucketOfSettings(boot, place.bucket, place.prefix) }
        : { directory: place.directory },
    ]),
  );
}
