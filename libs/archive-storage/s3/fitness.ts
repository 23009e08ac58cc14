import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import { contentOfBytes } from '../object-content.js';
import { s3Fault } from './s3-faults.js';
import { upload } from './upload.js';

/** Milliseconds after which an upload that nobody finished is nobody's. */
const ABANDONED_MS = 24 * 3_600_000;

/**
 * Shows that this user may put and remove here, and that a second put to a key is refused. A store that passes may still let
 * one of several at the very same time through twice: real ones do not.
 *
 * @throws ArchiveStorageError `archive_storage_refused` where the store writes over an object
 */
export async function showFitness(
  client: S3Client,
  { Bucket, prefix }: { Bucket: string; prefix: string },
): Promise<void> {
  const target = { Bucket, Key: `${prefix}fitness/${randomUUID()}.probe` };
  await upload(client, target, contentOfBytes(Buffer.from('first')));
  const second = await upload(client, target, contentOfBytes(Buffer.from('second')));
  await client.send(new DeleteObjectCommand(target)).catch((error: unknown) => {
    throw s3Fault(error, `remove ${target.Key}`);
  });
  if (second === 'exists') return;
  throw new ArchiveStorageError(
    'archive_storage_refused',
    'The store writes over objects that a put said not to (If-None-Match): set S3_ENDPOINT to one that has conditional writes.',
  );
}

/** Gives up uploads below the prefix that were begun a day ago: whoever did is gone. What it may not do is left alone. */
export async function removeAbandoned(
  client: S3Client,
  { Bucket, prefix }: { Bucket: string; prefix: string },
  now = Date.now(),
): Promise<void> {
  try {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: prefix }));
    for (const { Key, UploadId, Initiated } of Uploads)
      if (Initiated && Initiated.getTime() < now - ABANDONED_MS)
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  } catch {
    // They cost money, no more; a rule of the bucket removes them too.
  }
}
