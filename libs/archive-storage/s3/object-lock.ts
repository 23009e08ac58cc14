import {
  DeleteObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  PutObjectLegalHoldCommand,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { ArchiveStorageError } from '../archive-storage.errors.js';
import type { ObjectLock } from '../storage-place.js';
import { s3Fault } from './s3-faults.js';
import type { Target } from './upload.js';

const DAY_MS = 86_400_000;
/** What a store says that can't lock, or a bucket that was made without it. */
const NO_LOCK = new Set([
  'ObjectLockConfigurationNotFoundError',
  'InvalidBucketObjectLockConfiguration',
  'NotImplemented',
  'InvalidRequest',
]);

/**
 * What a put says so that the object is locked from now on; nothing where it isn't.
 *
 * @param until at least
 */
export function lockFrom(
  now: number,
  { mode, days }: ObjectLock,
  until?: Date,
): Pick<Target, 'ObjectLockMode' | 'ObjectLockRetainUntilDate'> {
  const end = Math.max(now + (days ?? 0) * DAY_MS, until?.getTime() ?? 0);
  if (end <= now) return {};
  return {
    ObjectLockMode: mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
    ObjectLockRetainUntilDate: new Date(end),
  };
}

/** @throws ArchiveStorageError `archive_storage_refused` where the bucket locks nothing */
export async function showLock(client: S3Client, Bucket: string): Promise<void> {
  const look = new GetObjectLockConfigurationCommand({ Bucket });
  const isThere = await client.send(look).then(
    ({ ObjectLockConfiguration: found }) => found?.ObjectLockEnabled === 'Enabled',
    (error: unknown) => {
      if (error instanceof Error && NO_LOCK.has(error.name)) return false;
      throw s3Fault(error, 'read how the bucket locks objects (S3_OBJECT_LOCK)');
    },
  );
  if (isThere) return;
  throw new ArchiveStorageError(
    'archive_storage_refused',
    `The bucket ${Bucket} has no Object Lock, and S3_OBJECT_LOCK is set: make a bucket with Object Lock, or unset S3_OBJECT_LOCK.`,
  );
}

/**
 * Removes an object that may be locked, with its content: without a version the store would hide it only.
 *
 * @throws ArchiveStorageError `archive_object_locked`
 */
export async function deleteUnlocked(client: S3Client, target: Target, now = Date.now()): Promise<void> {
  const head = await headOf(client, target);
  if (!head) return;
  const until = head.ObjectLockRetainUntilDate;
  const isHeld = head.ObjectLockLegalHoldStatus === 'ON';
  if (isHeld || (until && until.getTime() > now))
    throw new ArchiveStorageError(
      'archive_object_locked',
      `${target.Key} is locked in the store ${isHeld ? 'by a legal hold' : `until ${until?.toISOString()}`}: it stays until then.`,
    );
  const { VersionId } = head;
  await client
    .send(new DeleteObjectCommand({ ...target, ...(VersionId !== undefined && { VersionId }) }))
    .catch((error: unknown) => {
      throw s3Fault(error, `remove ${target.Key}`);
    });
}

/** @throws ArchiveStorageError `archive_object_missing` */
export async function setLegalHold(client: S3Client, target: Target, isHeld: boolean): Promise<void> {
  const Status = isHeld ? 'ON' : 'OFF';
  await client
    .send(new PutObjectLegalHoldCommand({ ...target, LegalHold: { Status } }))
    .catch((error: unknown) => {
      throw s3Fault(error, `${isHeld ? 'set' : 'lift'} the legal hold of ${target.Key}`);
    });
}

async function headOf(client: S3Client, target: Target): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await client.send(new HeadObjectCommand(target));
  } catch (error) {
    const fault = s3Fault(error, `look at ${target.Key}`);
    if (fault.code === 'archive_object_missing') return undefined;
    throw fault;
  }
}
