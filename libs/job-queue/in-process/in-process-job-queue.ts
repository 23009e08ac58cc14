import type { Catalogue } from '#catalogue';
import { JobQueueError } from '../job-queue.errors.js';
import type { InspectableJobQueue, JobHandler, JobRecord, NewJob, QueueStatus } from '../job-queue.port.js';
import { checkJob } from '../job-rules.js';
import { SYSTEM_CLOCK, type JobClock } from '../records/job-clock.js';
import { added, cancelled, dueNow, interrupted } from '../records/job-transitions.js';
import { jobKey, publicRecord } from '../records/stored-job.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';

/** Runs jobs in this process; their records are in the catalogue, of which this process is the only one to run jobs. */
export class InProcessJobQueue implements InspectableJobQueue {
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly store: JobStore,
    private readonly runner: JobRunner,
    private readonly clock: JobClock,
  ) {}

  /** Opens the queue; jobs that were running when the last process ended wait to run again. */
  static async open(catalogue: Catalogue, clock: JobClock = SYSTEM_CLOCK): Promise<InProcessJobQueue> {
    const store = await JobStore.open(catalogue);
    const cutOff = [...store.all()].filter(({ state }) => state === 'running');
    await Promise.all(cutOff.map((job) => store.update(jobKey(job), interrupted(job.addition, clock.now()))));
    return new InProcessJobQueue(store, new JobRunner(store, clock), clock);
  }

  async add(job: NewJob): Promise<{ readonly added: boolean }> {
    this.checkRunning();
    checkJob(job);
    const record = await this.store.update(jobKey(job), added(job, this.clock.now()));
    this.runner.look();
    return { added: record !== undefined };
  }

  process(kind: string, handler: JobHandler, options: { readonly concurrency?: number } = {}): void {
    this.checkRunning();
    this.runner.register(kind, handler, options.concurrency ?? 1);
  }

  async find(kind: string, id: string): Promise<JobRecord | undefined> {
    const job = this.store.get(jobKey({ kind, id }));
    return job && publicRecord(job);
  }

  async list(kind?: string): Promise<readonly JobRecord[]> {
    return [...this.store.all()]
      .filter((job) => kind === undefined || job.kind === kind)
      .sort((a, b) => a.addedAt - b.addedAt || (jobKey(a) < jobKey(b) ? -1 : 1))
      .map(publicRecord);
  }

  async cancel(kind: string, id: string): Promise<boolean> {
    const record = await this.store.update(jobKey({ kind, id }), cancelled(this.clock.now()));
    if (record) this.runner.cancel(record);
    return record !== undefined;
  }

  async runNow(kind: string, id: string): Promise<boolean> {
    this.checkRunning();
    const record = await this.store.update(jobKey({ kind, id }), dueNow(this.clock.now()));
    this.runner.look();
    return record !== undefined;
  }

  /** Whatever it needs is in this process. */
  status(): QueueStatus {
    return {};
  }

  stop(): Promise<void> {
    this.stopping ??= this.runner.stop();
    return this.stopping;
  }

  private checkRunning(): void {
    if (!this.stopping) return;
    throw new JobQueueError(
      'job_queue_stopped',
      'The job queue is stopping; ask again after the next start.',
    );
  }
}
