import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { CheckedStorage } from '../../checked-storage.js';
import type { BucketPlace } from '../../storage-place.js';
import type { ArchiveStorageHarness } from '../../testing/index.js';
import { s3Client } from '../s3-client.js';
import { S3Store } from '../s3-store.js';

/** A storage below a prefix of its own. */
export async function startS3Harness(place: BucketPlace): Promise<ArchiveStorageHarness> {
  const client = s3Client(place);
  const open = () => new CheckedStorage(new S3Store(place));
  const opened = [open()] as [CheckedStorage, ...CheckedStorage[]];
  return {
    storage: opened[0],
    async crash() {
      opened.push(open());
      return opened.at(-1) ?? opened[0];
    },
    async leftovers() {
      const list = new ListMultipartUploadsCommand({ Bucket: place.bucket, Prefix: place.prefix });
      return ((await client.send(list)).Uploads ?? []).length;
    },
    async stop() {
      const last = open();
      for (const { key } of await last.list('')) await last.delete(key);
      await Promise.all([...opened, last].map((each) => each.stop()));
      client.destroy();
    },
  };
}
