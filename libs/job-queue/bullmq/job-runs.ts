import { JobQueueError } from '../job-queue.errors.js';
import type { JobHandler } from '../job-queue.port.js';
import { hasEnded, jobKey, type StoredJob } from '../records/stored-job.js';
import { abandoned, leftBehind } from './lease.js';
import { LeasedRun } from './leased-run.js';
import type { SharedJobStore } from './shared-job-store.js';
import type { QueueTime } from './timing.js';

/** Milliseconds until a job is looked at again that the catalogue could not be asked for. */
const STORE_PAUSE_MS = 1_000;

/** The runs of this process: one at a time of a job, which this process's leases keep from others. */
export class JobRuns {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly runs = new Map<string, LeasedRun>();
  private readonly left: StoredJob[] = [];
  private stopped = false;

  constructor(
    private readonly store: SharedJobStore,
    private readonly time: QueueTime,
    /** The name of this process. */
    private readonly process: string,
  ) {}

  /** Makes the jobs wait again that an earlier life of this process was at; to be called before any is run. */
  async takeBack(): Promise<void> {
    for await (const { id, value } of this.store.all()) {
      if (value.lease?.process !== this.process) continue;
      const job = await this.store.update(id, leftBehind(this.process, this.time.clock.now()));
      if (job) this.left.push(job);
    }
  }

  register(kind: string, handler: JobHandler): void {
    if (this.handlers.has(kind)) {
      throw new JobQueueError('job_invalid', `Jobs of kind "${kind}" have a handler already; register one.`);
    }
    this.handlers.set(kind, handler);
  }

  /** Goes on with what an earlier life was at: its alarm in Redis rings for nobody until the old run's lease is over. */
  goOn(kind: string): void {
    for (const job of this.left) if (job.kind === kind) void this.runDue(jobKey(job));
  }

  /** Runs what is due of a job. Resolves with the milliseconds until it may be due again; undefined: never. */
  async runDue(key: string): Promise<number | undefined> {
    try {
      for (;;) {
        const job = await this.store.read(key);
        const wait = this.waitOf(job);
        if (!job || this.stopped || wait !== 0) return wait;
        if (!(await this.runOnce(job))) return STORE_PAUSE_MS;
      }
    } catch {
      return STORE_PAUSE_MS;
    }
  }

  /** Milliseconds until somebody may have to do something for a job; undefined where it has ended. */
  waitOf(job: StoredJob | undefined): number | undefined {
    if (!job || hasEnded(job.state)) return undefined;
    // Its end looks at it again.
    if (this.runs.has(jobKey(job))) return this.time.leaseMs;
    const heldMs = (job.lease?.untilMs ?? 0) - Date.now();
    const dueMs = job.state === 'waiting' ? job.runAt - this.time.clock.now() : 0;
    return Math.max(0, heldMs, dueMs);
  }

  /** The queue's time, in milliseconds since the epoch. */
  now(): number {
    return this.time.clock.now();
  }

  /** Aborts the run of a job that was cancelled, where it is one of this process. */
  cancel(job: StoredJob): void {
    this.runs.get(jobKey(job))?.cancel(job.addition);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const runs = [...this.runs.values()];
    for (const run of runs) run.stop();
    await Promise.all(runs.map((run) => run.ended));
  }

  /** False where the catalogue could not keep the start. */
  private async runOnce(job: StoredJob): Promise<boolean> {
    const { clock, leaseMs } = this.time;
    const { process } = this;
    const key = jobKey(job);
    if (job.state === 'running') {
      await this.store.update(key, abandoned(job.addition, clock.now(), Date.now()));
      return true;
    }
    const handler = this.handlers.get(job.kind);
    if (!handler) return false;
    const run = new LeasedRun(job, this.store, { process, leaseMs }, { handler, clock });
    this.runs.set(key, run);
    const outcome = await run.ended;
    this.runs.delete(key);
    return outcome === 'ended';
  }
}
