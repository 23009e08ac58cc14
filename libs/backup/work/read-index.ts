import { BackupError } from '../backup.errors.js';
import type { BackupHead } from '../format/backup-head.js';
import { readFolder, type SavedFolder } from '../format/saved-folder.js';
import type { BackupStore } from '../store/backup-store.js';

const LINE_FEED = 0x0a;

/**
 * The folders of a backup, each checked: none leads out of its directory.
 *
 * @throws BackupError `backup_damaged`, `backup_unreadable`
 */
export async function* readIndex(store: BackupStore, head: BackupHead): AsyncGenerator<SavedFolder> {
  let rest: Buffer = Buffer.alloc(0);
  for (const piece of head.index) {
    rest = Buffer.concat([rest, await store.piece(piece)]);
    let from = 0;
    for (let end = rest.indexOf(LINE_FEED); end !== -1; end = rest.indexOf(LINE_FEED, from)) {
      yield folderOf(head, rest.toString('utf8', from, end));
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) throw unreadable(head, 'its index has no end');
}

function folderOf(head: BackupHead, line: string): SavedFolder {
  const folder = readFolder(line);
  if (folder) return folder;
  throw unreadable(head, `its index has the line ${JSON.stringify(line.slice(0, 200))}`);
}

function unreadable({ id }: BackupHead, why: string): BackupError {
  return new BackupError(
    'backup_unreadable',
    `The backup ${id} can't be used: ${why}, which this program never writes. Restore another one, and find out who wrote to its place.`,
  );
}
