import type { BackupStore } from '../store/backup-store.js';
import { readIndex } from './read-index.js';

/** What was removed. */
export interface Tidied {
  readonly backups: number;
  readonly pieces: number;
}

/**
 * Removes the oldest backups beyond those to be kept, then the pieces that no backup has: theirs, and those of backups that
 * were never finished. Nobody else may write there meanwhile.
 *
 * @throws BackupError where a backup that stays can't be read (another key's, or damaged): no piece is removed then
 */
export async function tidyBackups(
  store: BackupStore,
  keep: number,
  reach: (faultPoint: string) => void = () => {},
): Promise<Tidied> {
  const ids = await store.ids();
  const old = ids.slice(0, Math.max(0, ids.length - keep));
  const used = new Set<string>();
  for (const id of ids.slice(old.length)) {
    const head = await store.head(id);
    for (const [name] of head.index) used.add(name);
    for await (const { pieces } of readIndex(store, head)) for (const [name] of pieces) used.add(name);
  }
  for (const id of old) await store.removeHead(id);
  reach('backup.heads-removed');
  const unused = [...(await store.pieces()).keys()].filter((name) => !used.has(name));
  for (const name of unused) {
    await store.removePiece(name);
    reach('backup.piece-removed');
  }
  return { backups: old.length, pieces: unused.length };
}
