import { randomUUID } from 'node:crypto';
import type { JobHandler } from '../job-queue.port.js';
import type { JobClock } from '../records/job-clock.js';
import { JobRun, type RunOutcome } from '../records/job-run.js';
import { jobKey, type JobRecords, type Lease, type StoredJob } from '../records/stored-job.js';
import { leasedRecords, released, renewed } from './lease.js';

/** Whose a run's lease is, and for how long: milliseconds for which the job stays the run's where its process is gone. */
export interface LeaseTerm {
  readonly process: string;
  readonly leaseMs: number;
}

/** One run of a job that no other run may have meanwhile, in whatever process. */
export class LeasedRun {
  /** Resolves when the handler has ended, that is kept and the job is free again; never rejects. */
  readonly ended: Promise<RunOutcome>;
  private readonly run: JobRun;
  private readonly renewal: NodeJS.Timeout;
  private lease: Lease;

  constructor(
    private readonly job: StoredJob,
    private readonly records: JobRecords,
    private readonly term: LeaseTerm,
    { handler, clock }: { readonly handler: JobHandler; readonly clock: JobClock },
  ) {
    const id = randomUUID();
    this.lease = this.longer(id);
    this.run = new JobRun(
      job,
      leasedRecords(records, () => this.lease),
      clock,
      handler,
    );
    this.renewal = setInterval(() => void this.renew(), term.leaseMs / 3).unref();
    this.ended = this.end();
  }

  /** Aborts the run of a job that was cancelled. */
  cancel(addition: string): void {
    if (this.job.addition === addition) this.run.cancel();
  }

  /** Aborts the run because the queue stops. */
  stop(): void {
    this.run.stop();
  }

  private async renew(): Promise<void> {
    const lease = this.longer(this.lease.run);
    try {
      const job = await this.records.update(jobKey(this.job), renewed(lease));
      if (job) this.lease = lease;
      // Cancelled, or taken, by another process.
      if (job?.state !== 'running' || job.addition !== this.job.addition) this.run.cancel();
    } catch {
      // The catalogue is out. Once the lease is over another process may take the job.
      if (Date.now() > this.lease.untilMs) this.run.stop();
    }
  }

  private async end(): Promise<RunOutcome> {
    const outcome = await this.run.ended;
    clearInterval(this.renewal);
    // Where the catalogue is out the lease ends by itself.
    await this.records.update(jobKey(this.job), released(this.lease.run)).catch(() => undefined);
    return outcome;
  }

  private longer(run: string): Lease {
    const { process, leaseMs } = this.term;
    return { run, process, untilMs: Date.now() + leaseMs };
  }
}
