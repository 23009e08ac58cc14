import type { Logger } from 'pino';
import {
  BackupError,
  makeBackup,
  tidyBackups,
  type BackupHead,
  type Backups,
  type BackupStore,
} from '#backup';
import { DATA_FORMAT } from '#data-format';
import type { RunningJob } from '#job-queue';
import type { ApplianceCopier } from './appliance-copy.js';

export interface BackupJobParts {
  readonly backups: Pick<Backups, 'store' | 'process'>;
  readonly copier: Pick<ApplianceCopier, 'withCopy'>;
  readonly keep: () => number;
  readonly notHeld: readonly string[];
  readonly version: string;
  readonly reach: (faultPoint: string) => void;
  readonly made: (head: BackupHead) => Promise<void>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** Backs the appliance up, and tidies older backups. */
export class BackupJob {
  constructor(private readonly parts: BackupJobParts) {}

  /**
   * @throws BackupError `backup_interrupted` where an earlier process was asked: a restored appliance has the job that it was
   *   saved by, and would back itself up to the same place
   */
  async run(job: RunningJob): Promise<void> {
    const { backups } = this.parts;
    if (job.payload['process'] !== backups.process)
      throw new BackupError(
        'backup_interrupted',
        'The process that was to make the backup ended: ask again.',
      );
    const store = await backups.store();
    const head = await this.#make(store, job);
    await this.parts.made(head);
    await this.#tidy(store);
    await job.progress(1, `The backup ${head.id} is made and was read back.`);
  }

  async #make(store: BackupStore, { signal, progress }: RunningJob): Promise<BackupHead> {
    const { copier, logger, notHeld, reach, version } = this.parts;
    const beganAt = new Date();
    await progress(0, 'Storing rests while the copy is made.');
    const head = await copier.withCopy(({ trees, restMs }) => {
      reach('backup.copied');
      return makeBackup(store, {
        ...{ trees, beganAt, signal, reach },
        about: {
          ...{ written_by: `alluvium ${version}`, data_format: DATA_FORMAT },
          ...{ rest_ms: restMs, not_held: [...notHeld] },
        },
        progress: (done, all) =>
          progress(all === 0 ? 0 : Math.min(1, done / all), `${done} of ${all} bytes.`),
      });
    });
    const { id, files, bytes, new_bytes: added, rest_ms: rest } = head;
    logger.info({ backup: id, files, bytes, new_bytes: added, rest_ms: rest }, 'a backup was made');
    return head;
  }

  /** The backup is there all the same; what is too many is removed by the next one. */
  async #tidy(store: BackupStore): Promise<void> {
    await tidyBackups(store, this.parts.keep(), this.parts.reach).then(
      (tidied) => this.parts.logger.info(tidied, 'old backups were tidied'),
      (error: unknown) => this.parts.logger.warn({ err: error }, 'old backups are left as they are'),
    );
  }
}
