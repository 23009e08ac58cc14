import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JOB_QUEUE, type JobQueue } from '#job-queue';
import { RetentionWatch } from '#retention';
import { RETENTION_WATCH } from '../schedules/schedules.js';

/** Looks after retention every minute. */
@Injectable()
export class RetentionWatchJob implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: Pick<JobQueue, 'process'>,
    private readonly watch: RetentionWatch,
  ) {}

  onApplicationBootstrap(): void {
    this.queue.process(RETENTION_WATCH, () => this.watch.run(), { anywhere: true });
  }
}
