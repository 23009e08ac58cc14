import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { BackupWatch } from '#backup';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { BACKUP_WATCH } from '../schedules/schedules.js';

/** Looks every minute whether a backup is due. */
@Injectable()
export class BackupWatchJob implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: Pick<JobQueue, 'process'>,
    private readonly watch: BackupWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.process(BACKUP_WATCH, () => this.watch.run(), { anywhere: true });
  }
}
