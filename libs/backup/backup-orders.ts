import { randomUUID } from 'node:crypto';
import type { InspectableJobQueue } from '#job-queue';
import { BackupError } from './backup.errors.js';
import { BACKUP_JOB, type Backups } from './backups.js';

export interface BackupOrdersParts {
  readonly backups: Pick<Backups, 'target' | 'process'>;
  readonly queue: Pick<InspectableJobQueue, 'add' | 'list'>;
  /** What is not on this machine, a sentence each. */
  readonly elsewhere: readonly string[];
}

/** Orders backups: of admins, and of the schedule. */
export class BackupOrders {
  constructor(private readonly parts: BackupOrdersParts) {}

  /**
   * Begins a backup.
   *
   * @returns the id of its job
   * @throws BackupError `backup_not_set`, `backup_not_whole`, `backup_running`
   */
  async order(): Promise<string> {
    const { backups, queue, elsewhere } = this.parts;
    if (backups.target === undefined) throw new BackupError('backup_not_set', 'No place of backups is set.');
    if (elsewhere.length > 0) throw new BackupError('backup_not_whole', elsewhere.join(' '));
    const jobs = await queue.list(BACKUP_JOB);
    if (jobs.some(({ state }) => state === 'waiting' || state === 'running'))
      throw new BackupError('backup_running', 'One backup is made at a time.');
    const id = randomUUID();
    await queue.add({ ...{ kind: BACKUP_JOB, id, attempts: 1 }, payload: { process: backups.process } });
    return id;
  }
}
