import type { JobHandler, RunningJob } from '../job-queue.port.js';
import type { JobClock } from './job-clock.js';
import { jobKey, type JobRecords, type StoredJob, type Transition } from './stored-job.js';
import { failed, interrupted, progressed, started, succeeded } from './job-transitions.js';

/** Milliseconds between tries to keep the end of a run while the catalogue is down. */
const STORE_PAUSE_MS = 1_000;

/** `not kept`: the catalogue could not keep the start, so the handler was not called. */
export type RunOutcome = 'ended' | 'not kept';

/** One run of one job, from the record that says it started to the record of its end. */
export class JobRun {
  /** Resolves when the handler has ended and that is kept; never rejects. */
  readonly ended: Promise<RunOutcome>;
  private readonly controller = new AbortController();
  private stopping = false;
  private wake: () => void = () => undefined;

  constructor(
    readonly job: StoredJob,
    private readonly records: JobRecords,
    private readonly clock: JobClock,
    handler: JobHandler,
  ) {
    this.ended = this.run(handler);
  }

  /** Aborts the handler's signal because the job was cancelled. */
  cancel(): void {
    this.controller.abort();
  }

  /** Aborts the handler's signal because the queue stops; the job runs again after the next start. */
  stop(): void {
    this.stopping = true;
    this.controller.abort();
    this.wake();
  }

  private async run(handler: JobHandler): Promise<RunOutcome> {
    try {
      const job = await this.change(started(this.job.addition, this.clock.now()));
      if (job) await this.keep(await this.handle(handler, job));
      return 'ended';
    } catch {
      return 'not kept';
    }
  }

  /** Calls the handler and gives what its end makes of the job. */
  private async handle(handler: JobHandler, job: StoredJob): Promise<Transition> {
    try {
      this.controller.signal.throwIfAborted();
      await handler(this.asSeenByHandler(job));
      return succeeded(job.addition, this.clock.now());
    } catch (error) {
      return this.stopping
        ? interrupted(job.addition, this.clock.now())
        : failed(job.addition, this.clock.now(), error);
    }
  }

  private asSeenByHandler(job: StoredJob): RunningJob {
    return {
      kind: job.kind,
      id: job.id,
      payload: structuredClone(job.payload),
      attempt: job.attempt,
      signal: this.controller.signal,
      progress: async (share, note, steps) =>
        void (await this.change(progressed(job.addition, { share, note, steps }))),
    };
  }

  /** Keeps the end as soon as the catalogue can; given up only at a stop, when the job must run again anyway. */
  private async keep(end: Transition): Promise<void> {
    while (!(await this.isKept(end)) && !this.stopping) await this.pause();
  }

  private isKept(end: Transition): Promise<boolean> {
    return this.change(end).then(
      () => true,
      () => false,
    );
  }

  private change(transition: Transition): Promise<StoredJob | undefined> {
    return this.records.update(jobKey(this.job), transition);
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancelTimer = this.clock.after(STORE_PAUSE_MS, resolve);
      this.wake = () => {
        cancelTimer();
        resolve();
      };
    });
  }
}
