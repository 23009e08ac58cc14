import { mkdir, statfs } from 'node:fs/promises';
import { MigrationError } from '#migration';

/** @throws MigrationError `migration_refused` where the disk of a directory, which is made when missing, has no such room */
export async function requireFree(directory: string, bytes: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize > bytes) return;
  throw new MigrationError(
    'migration_refused',
    `${directory} has ${bavail * bsize} bytes of free disk, and about ${Math.ceil(bytes)} are needed: make room, or name another place (ALLUVIUM_DATA_DIR, ALLUVIUM_ARCHIVE_DIR, S3_BUCKET).`,
  );
}
