import { ArchiveStorageError, type ArchiveStorageErrorCode } from '../archive-storage.errors.js';

const CODES: Readonly<Record<string, ArchiveStorageErrorCode>> = {
  ENOSPC: 'archive_disk_full',
  EDQUOT: 'archive_disk_full',
  ENOENT: 'archive_object_missing',
  EACCES: 'archive_storage_refused',
  EPERM: 'archive_storage_refused',
  EROFS: 'archive_storage_refused',
  ELOOP: 'archive_storage_refused',
};

const MENDS: Readonly<Partial<Record<ArchiveStorageErrorCode, string>>> = {
  archive_disk_full: 'The disk of the archives is full: make room.',
  archive_object_missing: 'There is no such object.',
  archive_storage_refused:
    'The directory of the archives must be on a file system with hard links, where this user may write, without symbolic links below it.',
};

/** The file system's code, such as `ENOENT`. */
export function fileCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What the port calls an error of the file system; `what` was to be done. */
export function diskFault(error: unknown, what: string): ArchiveStorageError {
  if (error instanceof ArchiveStorageError) return error;
  const code = CODES[fileCode(error) ?? ''] ?? 'archive_storage_unavailable';
  const mend = MENDS[code] ?? 'Look at the disk of the archives.';
  const said = error instanceof Error ? error.message : String(error);
  return new ArchiveStorageError(code, `Could not ${what}. ${mend} (${said})`, error);
}

/** Does something with files, with its failure as the port has it. */
export async function onDisk<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFault(error, what);
  }
}
