import type { JobHandler } from '../job-queue.port.js';
import { JobQueueError } from '../job-queue.errors.js';
import type { JobClock } from '../records/job-clock.js';
import { JobRun } from '../records/job-run.js';
import { hasEnded, jobKey, KEEP_ENDED_MS, type StoredJob } from '../records/stored-job.js';
import type { JobStore } from './job-store.js';

/** Milliseconds until a job whose start could not be kept is tried again. */
const STORE_PAUSE_MS = 1_000;

interface Worker {
  readonly handler: JobHandler;
  readonly concurrency: number;
}

/** Starts due jobs, no more at once than their kind allows and never one that runs already. */
export class JobRunner {
  private readonly workers = new Map<string, Worker>();
  private readonly runs = new Map<string, JobRun>();
  private cancelTimer: () => void = () => undefined;
  private stopped = false;

  constructor(
    private readonly store: JobStore,
    private readonly clock: JobClock,
  ) {}

  register(kind: string, handler: JobHandler, concurrency: number): void {
    if (this.workers.has(kind)) {
      throw new JobQueueError('job_invalid', `Jobs of kind "${kind}" have a handler already; register one.`);
    }
    this.workers.set(kind, { handler, concurrency });
    this.look();
  }

  /** Starts what is due and there is room for, and sets the timer for the next. */
  look(): void {
    this.cancelTimer();
    if (this.stopped) return;
    const waiting = this.startable();
    for (const job of waiting) if (job.runAt <= this.clock.now()) this.start(job);
    this.wakeFor(waiting.filter((job) => job.runAt > this.clock.now()));
  }

  /** Aborts the run of a job that was cancelled. */
  cancel({ kind, id, addition }: StoredJob): void {
    const run = this.runs.get(jobKey({ kind, id }));
    if (run?.job.addition === addition) run.cancel();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelTimer();
    const runs = [...this.runs.values()];
    for (const run of runs) run.stop();
    await Promise.all(runs.map((run) => run.ended));
  }

  private startable(): readonly StoredJob[] {
    return [...this.store.all()]
      .filter((job) => job.state === 'waiting' && this.workers.has(job.kind) && !this.runs.has(jobKey(job)))
      .sort((a, b) => a.runAt - b.runAt || a.addedAt - b.addedAt);
  }

  private start(job: StoredJob): void {
    const worker = this.workers.get(job.kind);
    const active = [...this.runs.values()].filter((run) => run.job.kind === job.kind).length;
    if (!worker || active >= worker.concurrency) return;
    const key = jobKey(job);
    const run = new JobRun(job, this.store, this.clock, worker.handler);
    this.runs.set(key, run);
    void run.ended.then((outcome) => this.finish(key, outcome === 'not kept'));
  }

  private finish(key: string, wait: boolean): void {
    if (wait) {
      // The key stays taken, or the job would be tried again at once, without end.
      this.clock.after(STORE_PAUSE_MS, () => this.finish(key, false));
      return;
    }
    this.runs.delete(key);
    this.look();
    void this.forgetOld();
  }

  private wakeFor(later: readonly StoredJob[]): void {
    const next = later[0];
    if (next) this.cancelTimer = this.clock.after(next.runAt - this.clock.now(), () => this.look());
  }

  private async forgetOld(): Promise<void> {
    const before = this.clock.now() - KEEP_ENDED_MS;
    const old = [...this.store.all()].filter(
      (job) => hasEnded(job.state) && (job.endedAt ?? before) < before,
    );
    // Where the catalogue fails they stay, and are forgotten after a later run.
    await this.store.remove(old.map(jobKey)).catch(() => undefined);
  }
}
