import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { JOB_QUEUE, type InspectableJobQueue, type JobHandler } from '#job-queue';
import { SCHEDULES, type Schedule } from './schedules.js';

/** A job that this app runs itself. */
export interface OwnJob {
  readonly kind: string;
  readonly run: JobHandler;
}

export const OWN_JOBS = Symbol('OWN_JOBS');

/** Registers this app's jobs and keeps their schedules in the queue, where they outlive a restart. */
@Injectable()
export class Scheduler implements OnApplicationBootstrap {
  constructor(
    @Inject(JOB_QUEUE) private readonly queue: InspectableJobQueue,
    @Inject(OWN_JOBS) private readonly jobs: readonly OwnJob[],
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { kind, run } of this.jobs) this.queue.process(kind, run, { anywhere: true });
    for (const schedule of SCHEDULES) await this.#keep(schedule);
  }

  /** A schedule that another version of this program left with another interval is replaced. */
  async #keep(schedule: Schedule): Promise<void> {
    const kept = await this.queue.find(schedule.kind, schedule.id);
    if (kept && kept.everyMs !== schedule.everyMs) await this.queue.cancel(schedule.kind, schedule.id);
    await this.queue.add(schedule);
  }
}
