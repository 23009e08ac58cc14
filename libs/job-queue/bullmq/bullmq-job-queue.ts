import type { Catalogue } from '#catalogue';
import { JobQueueError } from '../job-queue.errors.js';
import type {
  InspectableJobQueue,
  JobHandler,
  JobRecord,
  NewJob,
  ProcessOptions,
  QueueStatus,
} from '../job-queue.port.js';
import { checkJob } from '../job-rules.js';
import { added, cancelled, dueNow } from '../records/job-transitions.js';
import { jobKey, publicRecord, type StoredJob } from '../records/stored-job.js';
import type { RedisPlace } from '../redis-place.js';
import { JobRuns } from './job-runs.js';
import { KindAlarms, type KindAlarmsOptions, type Told } from './kind-alarms.js';
import { keepingLease } from './lease.js';
import { readOwner } from './owner.js';
import { SharedJobStore } from './shared-job-store.js';
import { SYSTEM_TIME, type QueueTime } from './timing.js';

export interface BullMqOptions {
  readonly redis: RedisPlace;
  readonly told: Told;
  /** The name of this process: what its earlier life was at when it was killed is gone on with at once. */
  readonly process: string;
  readonly time?: QueueTime;
  /** Milliseconds before a job runs: by then all processes go by what was changed before it was asked for. Default 0. */
  readonly settleMs?: number;
  /** Resolves when it is this process's turn to run jobs. Absent: at once. */
  readonly turn?: Promise<void>;
}

/**
 * Runs jobs in whichever process Redis wakes for them. Their records are in the catalogue, as those of the queue in the
 * process are; Redis has an alarm for each that has not ended and can lose it, for it is set again from the catalogue.
 */
export class BullMqJobQueue implements InspectableJobQueue {
  private readonly alarms: KindAlarms;
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly store: SharedJobStore,
    private readonly time: QueueTime,
    private readonly runs: JobRuns,
    private readonly options: BullMqOptions & Pick<KindAlarmsOptions, 'owner'>,
  ) {
    const { redis, owner, told } = options;
    this.alarms = new KindAlarms(store, runs, { redis, owner, told, timing: time });
  }

  /** Opens the queue, also where Redis doesn't answer: jobs wait until it does. */
  static async open(catalogue: Catalogue, options: BullMqOptions): Promise<BullMqJobQueue> {
    const { time = SYSTEM_TIME, process } = options;
    const owner = await readOwner(catalogue);
    const store = new SharedJobStore(catalogue);
    const runs = new JobRuns(store, time, process);
    await runs.takeBack();
    return new BullMqJobQueue(store, time, runs, { ...options, owner });
  }

  async add(job: NewJob): Promise<{ readonly added: boolean }> {
    this.checkRunning();
    checkJob(job);
    const settled = { ...job, delayMs: Math.max(job.delayMs ?? 0, this.options.settleMs ?? 0) };
    const transition = keepingLease(added(settled, this.time.clock.now()));
    const record = await this.store.update(jobKey(job), transition);
    this.alarms.set(record);
    return { added: record !== undefined };
  }

  process(kind: string, handler: JobHandler, { concurrency = 1, anywhere }: ProcessOptions = {}): void {
    this.checkRunning();
    this.runs.register(kind, handler);
    const begin = (): void => {
      this.runs.goOn(kind);
      this.alarms.wakeHere(kind, concurrency);
    };
    if (anywhere || !this.options.turn) return begin();
    void this.options.turn.then(() => this.stopping ?? begin());
  }

  async find(kind: string, id: string): Promise<JobRecord | undefined> {
    const job = await this.store.read(jobKey({ kind, id }));
    return job && publicRecord(job);
  }

  async list(kind?: string): Promise<readonly JobRecord[]> {
    const jobs: StoredJob[] = [];
    for await (const { value } of this.store.all())
      if (kind === undefined || value.kind === kind) jobs.push(value);
    return jobs.sort((a, b) => a.addedAt - b.addedAt || (jobKey(a) < jobKey(b) ? -1 : 1)).map(publicRecord);
  }

  async cancel(kind: string, id: string): Promise<boolean> {
    const record = await this.store.update(jobKey({ kind, id }), cancelled(this.time.clock.now()));
    if (record) this.runs.cancel(record);
    return record !== undefined;
  }

  async runNow(kind: string, id: string): Promise<boolean> {
    this.checkRunning();
    const record = await this.store.update(jobKey({ kind, id }), dueNow(this.time.clock.now()));
    this.alarms.set(record);
    return record !== undefined;
  }

  status(): QueueStatus {
    const { fault } = this.alarms;
    return { engine: 'redis', ...(fault !== undefined && { fault }) };
  }

  stop(): Promise<void> {
    this.stopping ??= this.runs.stop().then(() => this.alarms.close());
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
