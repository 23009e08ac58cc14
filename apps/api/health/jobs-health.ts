import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { HealthState, type HealthReport } from '#observability';

/** Says whether jobs can be run; events are accepted where they can't. */
@Injectable()
export class JobsHealth implements OnModuleInit {
  constructor(
    @Inject(HealthState) private readonly health: HealthState,
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
  ) {}

  onModuleInit(): void {
    this.health.register('jobs', async () => this.#report());
  }

  #report(): HealthReport {
    const { fault } = this.queue.status();
    return fault === undefined ? { status: 'up' } : { status: 'degraded', detail: { error: fault } };
  }
}
