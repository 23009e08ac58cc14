import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#app-config';
import type { BucketPlace, StoragePlace } from '#archive-storage';

/** Where settings say that archives are kept. */
export function archivePlace({ boot }: Settings): StoragePlace {
  if (boot.s3Bucket !== undefined) return { bucket: bucketPlace(boot, boot.s3Bucket) };
  return { directory: boot.archiveDir ?? join(boot.dataDir, 'archives') };
}

/** Where settings say that archives may be attached from, by their names. */
export function attachablePlaces({ boot }: Settings): Readonly<Record<string, StoragePlace>> {
  return Object.fromEntries(
    [...boot.archiveAttachable].map(([name, place]) => [
      name,
      'bucket' in place
        ? { bucket: { ...bucketPlace(boot, place.bucket), prefix: place.prefix } }
        : { directory: place.directory },
    ]),
  );
}

function bucketPlace(boot: Settings['boot'], bucket: string): BucketPlace {
  const { s3Endpoint: endpoint, s3AccessKeyId: id, s3SecretAccessKey: secret, s3TlsCa: ca } = boot;
  return {
    ...{ bucket, region: boot.s3Region, prefix: boot.s3Prefix ?? '', pathStyle: boot.s3PathStyle },
    ...(endpoint !== undefined && { endpoint }),
    ...(id !== undefined &&
      secret && { credentials: { accessKeyId: id, secretAccessKey: () => secret.reveal() } }),
    ...(ca !== undefined && { ca: readFileSync(ca, 'utf8') }),
  };
}
