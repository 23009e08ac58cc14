import { join } from 'node:path';
import { tierOfKey } from '#archive-format';
import { contentOfFile, type ArchiveStorage } from '#archive-storage';
import { objectsOf, type StreamArchive } from '#archived-units';
import { MigrationError } from '#migration';

/** Objects that are named in a refusal. */
const NAMED = 3;

/**
 * Brings what the archive of the old appliance has to where the new one keeps its archives, unless that is the same place.
 *
 * @param folder where the old one keeps archives, unless settings say otherwise
 * @returns objects that were copied
 * @throws MigrationError `migration_refused` where objects are in neither; ArchiveStorageError
 */
export async function carryObjects(
  archives: Iterable<StreamArchive>,
  folder: string,
  storage: Pick<ArchiveStorage, 'list' | 'put'>,
): Promise<number> {
  const missing = await missingObjects(archives, storage);
  const lost: string[] = [];
  for (const key of missing) {
    const content = await contentOfFile(join(folder, key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (content) await storage.put(key, content);
    else lost.push(key);
  }
  if (lost.length > 0) throw notThere(lost, folder);
  return missing.length;
}

/** Keys that are not where archives are to be. */
export async function missingObjects(
  archives: Iterable<StreamArchive>,
  storage: Pick<ArchiveStorage, 'list'>,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { units, trash = [] } of archives) {
    const answering = [...units, ...trash].filter(({ state }) => state !== 'copied');
    // What a tier from outside keeps is where its plugin says.
    const keys = answering.flatMap(objectsOf).filter((key) => tierOfKey(key) === undefined);
    for (const key of keys) {
      const [found] = await storage.list(key, { limit: 1 });
      if (found?.key !== key) missing.push(key);
    }
  }
  return missing;
}

function notThere(keys: readonly string[], folder: string): MigrationError {
  return new MigrationError(
    'migration_refused',
    `${keys.length} objects of the archive are neither in ${folder} nor where archives are kept now (S3_BUCKET or ALLUVIUM_ARCHIVE_DIR): ${keys.slice(0, NAMED).join(', ')} …. Set the place that the old appliance had, or copy its objects there first.`,
  );
}
