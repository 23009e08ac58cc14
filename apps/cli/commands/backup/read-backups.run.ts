import { verifyBackup, type BackupHead, type BackupStore } from '#backup';
import { AlluviumError } from '#event-model';
import { EXIT } from '../../exit-codes.js';
import { showBytes, showCounted } from '../../output/figures.js';
import { jsonLine, printable } from '../../output/printable.js';
import { renderTable } from '../../output/table.js';
import { writeOut } from '../../output/write-out.js';
import { chosenBackup, withBackups } from './with-backups.js';

export interface PlaceOptions {
  readonly json?: true;
}

/** A backup, or why it can't be read. */
type Found = BackupHead | { readonly id: string; readonly error: string };

/** Prints the backups of a place. Ends with 5 where one can't be read. */
export async function listBackups(place: string, { json }: PlaceOptions): Promise<void> {
  await withBackups(place, async (store) => {
    const ids = (await store.ids()).toReversed();
    const found: Found[] = [];
    for (const id of ids) found.push(await headOf(store, id));
    await writeOut(json ? found.map((one) => `${jsonLine(one)}\n`).join('') : tableOf(found));
    if (found.some((one) => 'error' in one)) process.exitCode = EXIT.partly;
  });
}

/** Reads a backup back, and prints what is wrong with it. Ends with 1 where something is. */
export async function verifyBackups(
  place: string,
  { json, backup }: PlaceOptions & { readonly backup?: string },
): Promise<void> {
  await withBackups(place, async (store) => {
    const { id } = await chosenBackup(store, backup);
    const found = await verifyBackup(store, await store.head(id));
    const { pieces, bytes, problems } = found;
    const figures = `${showCounted(pieces, 'piece')}, ${showBytes(bytes)}`;
    const said =
      problems.length === 0
        ? `Backup ${id} is whole: ${figures} were read back.\n`
        : `Backup ${id} is damaged: of ${figures}, these can't be had:\n${problems.map((one) => `  ${printable(one)}\n`).join('')}`;
    await writeOut(json ? `${jsonLine({ id, ...found })}\n` : said);
    if (problems.length > 0) process.exitCode = EXIT.failed;
  });
}

async function headOf(store: BackupStore, id: string): Promise<Found> {
  try {
    return await store.head(id);
  } catch (error) {
    if (error instanceof AlluviumError) return { id, error: error.message };
    throw error;
  }
}

function tableOf(found: readonly Found[]): string {
  if (found.length === 0) return 'No backups.\n';
  const rows = found.map((one) =>
    'error' in one
      ? [one.id, '-', '-', '-', '-', one.error]
      : [
          one.id,
          one.began_at,
          String(one.files),
          showBytes(one.bytes),
          showBytes(one.new_bytes),
          one.key_id ?? '-',
        ],
  );
  return renderTable(['BACKUP', 'BEGAN AT', 'FILES', 'SIZE', 'NEW', 'KEY'], rows);
}
