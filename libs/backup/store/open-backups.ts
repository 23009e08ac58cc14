import { mkdir, stat } from 'node:fs/promises';
import { openStorage, type StoragePlace } from '#archive-storage';
import { BackupError } from '../backup.errors.js';
import { PLAIN_CODEC } from '../format/plain-codec.js';
import { sealedCodec } from '../format/sealed-codec.js';
import { BackupStore } from './backup-store.js';

export interface OpenBackupsOptions {
  /** 64 hexadecimal digits; without it pieces are as they are. */
  readonly key?: string | undefined;
  /** Then nothing is made or tidied away there, and another process may write. */
  readonly readOnly?: boolean;
}

/**
 * Opens the backups of a place. A directory is made where it is missing, for its owner alone: backups hold secrets.
 *
 * @throws BackupError `backup_not_found` where the directory that is to be read isn't there
 */
export async function openBackups(
  place: StoragePlace,
  options: OpenBackupsOptions = {},
): Promise<BackupStore> {
  const { key, readOnly = false } = options;
  const codec = key === undefined ? PLAIN_CODEC : sealedCodec(key);
  if ('directory' in place) {
    if (readOnly) await requireFolder(place.directory);
    else await mkdir(place.directory, { recursive: true, mode: 0o700 });
  }
  return new BackupStore(await openStorage(place, { readOnly }), codec);
}

async function requireFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new BackupError('backup_not_found', `There is no directory ${path}: name the place of backups.`);
}
