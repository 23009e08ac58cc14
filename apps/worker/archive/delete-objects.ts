import { ArchiveStorageError, type ArchiveStorage } from '#archive-storage';

/** Why an object may stay: it is asked again later. */
const STAYS: readonly string[] = ['archive_tier_failed', 'archive_object_locked'];

/**
 * Deletes objects. What is in a tier whose plugin is out, or locked in its store, stays, for a later call, and holds up nothing
 * else.
 *
 * @param stays is told of each that does
 * @returns the keys of those that are gone
 */
export async function deleteObjects(
  storage: Pick<ArchiveStorage, 'delete'>,
  keys: readonly string[],
  stays: (why: ArchiveStorageError, key: string) => void = () => {},
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const key of keys)
    try {
      await storage.delete(key);
      gone.push(key);
    } catch (error) {
      if (!(error instanceof ArchiveStorageError) || !STAYS.includes(error.code)) throw error;
      stays(error, key);
    }
  return gone;
}
