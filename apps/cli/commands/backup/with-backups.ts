import { processInput } from '#app-config';
import { backupPlace, openBackups, type BackupHead, type BackupStore } from '#backup';
import { AlluviumError } from '#event-model';
import { CliError, UsageError } from '../../cli-error.js';
import { EXIT } from '../../exit-codes.js';
import { readSettings } from '../doctor/read-settings.js';

/** Settings that have to do with where backups are and how they are read. */
const OURS = /^(?:ALLUVIUM_BACKUP_|S3_)/;

/**
 * Does something with the backups of a place, which it only reads.
 *
 * @throws UsageError where the place, or a setting that it needs, is wrong; CliError for what is wrong with the backups
 */
export async function withBackups<T>(text: string, work: (store: BackupStore) => Promise<T>): Promise<T> {
  const input = processInput();
  const { settings, problems } = readSettings({ ...input, env: { ...input.env, ALLUVIUM_BACKUP_DIR: text } });
  const [wrong] = problems.filter(({ setting, where }) => OURS.test(setting) && where !== 'together');
  if (wrong)
    throw new UsageError(`${wrong.setting} is ${wrong.given}, expected ${wrong.expected}.`, wrong.mend);
  const place = backupPlace(settings.boot, text);
  if (!place)
    throw new UsageError(`${text} is no place of backups.`, 'Name a directory, or s3://bucket/folder.');
  try {
    const store = await openBackups(place, { key: settings.boot.backupKey?.reveal(), readOnly: true });
    return await work(store).finally(() => store.stop());
  } catch (error) {
    if (!(error instanceof AlluviumError)) throw error;
    throw new CliError(error.message, EXIT.failed, undefined, { cause: error });
  }
}

/** @throws CliError where there is none; BackupError */
export async function chosenBackup(store: BackupStore, id: string | undefined): Promise<BackupHead> {
  const wanted = id ?? (await store.ids()).at(-1);
  if (wanted !== undefined) return store.head(wanted);
  throw new CliError('There is no backup in this place.', EXIT.failed, 'Make one with alluvium backup.');
}
