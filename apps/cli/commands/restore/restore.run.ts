import { resolve } from 'node:path';
import { restoreBackup } from '#backup';
import { DATA_FORMAT } from '#data-format';
import { CliError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { showBytes, showCounted } from '../../output/figures.js';
import { printable } from '../../output/printable.js';
import { writeOut } from '../../output/write-out.js';
import { chosenBackup, withBackups } from '../backup/with-backups.js';

/** Restores a backup, and says what the appliance needs besides. */
export async function restore(
  place: string,
  directory: string,
  { backup }: { readonly backup?: string },
): Promise<void> {
  const target = resolve(directory);
  await withBackups(place, async (store) => {
    const head = await chosenBackup(store, backup);
    if (head.data_format > DATA_FORMAT)
      throw new CliError(
        `The backup ${head.id} holds data of the format ${head.data_format}, of ${head.written_by}, and this version knows formats up to ${DATA_FORMAT}.`,
        EXIT.failed,
        'Restore it with that version or a newer one.',
      );
    const { files, bytes } = await restoreBackup(store, head, target);
    const lines = [
      `Restored the backup ${head.id} of ${head.began_at} into ${target}: ${showCounted(files, 'file')}, ${showBytes(bytes)}.`,
      'What it needs besides:',
      ...head.not_held.map((sentence) => `  ${sentence}`),
      `Start it with ALLUVIUM_DATA_DIR=${target} alluvium start`,
    ];
    await writeOut(lines.map((line) => `${printable(line)}\n`).join(''));
  });
}
