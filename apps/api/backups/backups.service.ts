import { Inject, Injectable } from '@nestjs/common';
import { BACKUP_JOB, BackupError, BackupOrders, Backups, type BackupHead } from '#backup';
import { AlluviumError } from '#event-model';
import { JOB_QUEUE, type InspectableJobQueue, type JobRecord } from '#job-queue';
import { Problem } from '../problems/problem.js';
import type { BackupOrdered, ShownBackup, ShownBackupRun, ShownBackups } from './backups.schema.js';

/** Orders backups, and tells which there are. */
@Injectable()
export class BackupsService {
  constructor(
    @Inject(BackupOrders) private readonly orders: BackupOrders,
    @Inject(Backups) private readonly backups: Backups,
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
  ) {}

  /** @throws BackupError `backup_not_set`, `backup_not_whole`, `backup_running` */
  async order(): Promise<BackupOrdered> {
    return { job: await this.orders.order() };
  }

  async run(id: string): Promise<ShownBackupRun> {
    const job = await this.queue.find(BACKUP_JOB, id);
    if (!job) throw new Problem('job_not_found', 'No backup was ordered under this id in the last 7 days.');
    return shownRun(job);
  }

  /** @throws Problem `backup_place_trouble` where the place of backups can't be read */
  async list(): Promise<ShownBackups> {
    const runs = (await this.#runs()).toReversed().map(shownRun);
    const { target } = this.backups;
    if (target === undefined) return { target: null, runs, backups: [], unreadable: [] };
    try {
      return { target, runs, ...(await this.#read()) };
    } catch (error) {
      if (!(error instanceof AlluviumError)) throw error;
      throw new Problem('backup_place_trouble', error.message);
    }
  }

  async #read(): Promise<Pick<ShownBackups, 'backups' | 'unreadable'>> {
    const store = await this.backups.store();
    const backups: ShownBackup[] = [];
    const unreadable: { id: string; error: string }[] = [];
    for (const id of (await store.ids()).toReversed())
      try {
        backups.push(shown(await store.head(id)));
      } catch (error) {
        if (!(error instanceof BackupError)) throw error;
        unreadable.push({ id, error: error.message });
      }
    return { backups, unreadable };
  }

  #runs(): Promise<readonly JobRecord[]> {
    return this.queue.list(BACKUP_JOB);
  }
}

function shown({ id, began_at, ended_at, written_by, key_id, ...head }: BackupHead): ShownBackup {
  const { files, bytes, new_bytes, rest_ms, not_held } = head;
  return { id, began_at, ended_at, written_by, key_id, files, bytes, new_bytes, rest_ms, not_held };
}

function shownRun({ id, state, progress, note, error }: JobRecord): ShownBackupRun {
  return {
    ...{ id, state, progress },
    ...(note !== undefined && { note }),
    ...(error !== undefined && state !== 'done' && { error }),
  };
}
