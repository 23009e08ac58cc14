import { ArchiveStorageError, type ArchiveStorage } from '#archive-storage';

/**
 * Deletes objects. What is in a tier whose plugin is out stays, for a later call, and holds up nothing else.
 *
 * @returns the keys of those that are gone
 */
export async function deleteObjects(
  storage: Pick<ArchiveStorage, 'delete'>,
  keys: readonly string[],
): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const key of keys)
    try {
      await storage.delete(key);
      gone.push(key);
    } catch (error) {
      if (!(error instanceof ArchiveStorageError) || error.code !== 'archive_tier_failed') throw error;
    }
  return gone;
}
