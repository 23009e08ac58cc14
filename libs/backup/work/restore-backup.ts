import { mkdir, open, readdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beginRestore, endRestore } from '#data-format';
import { BackupError } from '../backup.errors.js';
import type { BackupHead } from '../format/backup-head.js';
import { bytesOf, type SavedFolder } from '../format/saved-folder.js';
import type { BackupStore } from '../store/backup-store.js';
import { PieceReader } from './piece-reader.js';
import { readIndex } from './read-index.js';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Writes a backup into an empty directory, or one that is not there yet: every piece is checked before it is written, every
 * file is durable at the end. Until then no appliance starts on the directory.
 *
 * @returns files and bytes that were written
 * @throws BackupError `backup_target_not_empty`, `backup_damaged`, `backup_unreadable`; what is in the directory then is to be
 *   removed
 */
export async function restoreBackup(
  store: BackupStore,
  head: BackupHead,
  target: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  await mkdir(target, { recursive: true, mode: FOLDER_MODE });
  if ((await readdir(target)).length > 0)
    throw new BackupError(
      'backup_target_not_empty',
      `${target} is not empty, and a backup is restored into an empty directory only: name another one.`,
    );
  await beginRestore(target);
  const written = { files: 0, bytes: 0 };
  for await (const saved of readIndex(store, head)) {
    written.bytes += await writeFolder(store, saved, target).catch((error: unknown) => {
      throw isTaken(error) ? twice(head, saved) : error;
    });
    written.files += saved.files.length;
  }
  if (written.files !== head.files || written.bytes !== head.bytes)
    throw new BackupError(
      'backup_damaged',
      `The backup ${head.id} has ${written.files} files of ${written.bytes} bytes in place of ${head.files} of ${head.bytes}: restore another one.`,
    );
  await endRestore(target);
  return written;
}

/** Cuts the pieces into the files that they are; gives their bytes. */
async function writeFolder(
  store: BackupStore,
  { folder: below, files, pieces }: SavedFolder,
  target: string,
): Promise<number> {
  const folder = join(target, below);
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const reader = new PieceReader(store, pieces);
  for (const [name, bytes] of files) await writeFile(join(folder, name), reader.take(bytes));
  await syncFolder(folder);
  await syncFolder(dirname(folder));
  return bytesOf(files);
}

async function writeFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    for await (const part of content) await writeWhole(file, part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** No file is written over: only an index that names a path twice would do so. */
function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['EEXIST', 'ENOTDIR'].includes(String(error.code));
}

function twice({ id }: BackupHead, { folder }: SavedFolder): BackupError {
  return new BackupError(
    'backup_unreadable',
    `The backup ${id} can't be used: it names something in ${JSON.stringify(folder)} twice, which this program never writes. Restore another one, and find out who wrote to its place.`,
  );
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
