/**
 * Runs jobs outside requests: at least once, one run of a job at a time, with retries and a record that survives a
 * restart. Payloads are data (plain JSON, ids), never code.
 *
 * Lifecycle: ready when its module hands it out. Handlers are registered with `process`; jobs added before wait. `stop`
 * takes no new jobs, waits for running handlers (whose signal is aborted), is idempotent and legal at any time.
 */
export interface JobQueue {
  /**
   * Adds a job; durable when it resolves. A job with the same kind and id that has not ended yet is left as it is
   * (`added: false`).
   *
   * @throws JobQueueError `job_invalid` (not retryable), `job_queue_stopped` (retryable after the next start).
   */
  add(job: NewJob): Promise<{ readonly added: boolean }>;
  /** Runs `handler` for jobs of this kind, at most `concurrency` (default 1) at once in this process. */
  process(kind: string, handler: JobHandler, options?: ProcessOptions): void;
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** Default 1. */
  readonly concurrency?: number;
  /** Whether it may run where another process has the turn: it changes nothing that one process at a time may change. */
  readonly anywhere?: boolean;
}

export interface NewJob {
  readonly kind: string;
  /** Unique within its kind; without ':'. */
  readonly id: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Milliseconds from now before it may run. Default 0. */
  readonly delayMs?: number;
  /** Runs again this long after the end of each run, until cancelled; survives restarts. */
  readonly everyMs?: number;
  /** Tries before it ends as `failed` (a repeating job waits for its next turn instead). Default 5. */
  readonly attempts?: number;
}

/**
 * A thrown error with `retryable: false` ends the job as failed at once (a repeating one waits for its next turn); all
 * others are tried again after 1 s, twice as long each time, at most 60 s. A handler whose signal is aborted throws, so
 * that the job runs again; one that returns says that its work is done.
 */
export type JobHandler = (job: RunningJob) => Promise<void>;

export interface RunningJob {
  readonly kind: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 for the first run. */
  readonly attempt: number;
  /** Aborted when the job is cancelled or the queue stops. */
  readonly signal: AbortSignal;
  /** Share done, 0 to 1, with a word for people, and how its steps are; kept with the job. */
  progress(share: number, note?: string, steps?: readonly JobStep[]): Promise<void>;
}

/** A part of a job's work. Parts are done one after the other. */
export interface JobStep {
  /** Such as `copy`. */
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done';
  /** Share done, 0 to 1. */
  readonly progress: number;
  /** What it is at, in words. */
  readonly note?: string;
  /** Of one that waits: the step that is to end first. */
  readonly waitsFor?: string;
  /** Milliseconds since the epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** A run of a job that is over. */
export interface EndedRun {
  readonly attempt: number;
  /** `interrupted`: its process ended, or stopped; the same try is made again. */
  readonly outcome: 'done' | 'failed' | 'interrupted' | 'cancelled';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** When it ended, or when that was found out. */
  readonly endedAt: number;
  readonly error?: string;
}

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobRecord {
  readonly kind: string;
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly state: JobState;
  readonly attempt: number;
  readonly everyMs?: number;
  readonly progress: number;
  readonly note?: string;
  /** Of the run under way or the last one, where its kind has several. */
  readonly steps?: readonly JobStep[];
  /** Runs that are over, the newest 20, oldest first. */
  readonly history?: readonly EndedRun[];
  /** Message of the last failure. */
  readonly error?: string;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
  readonly runAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
}

/** What keeps a queue from starting jobs now, and how to mend it; jobs are added and kept all the same. */
export interface QueueStatus {
  /** What kind of server starts jobs; absent where this process does by itself. */
  readonly engine?: string;
  readonly fault?: string;
}

/** A queue that can be looked into and steered. */
export interface InspectableJobQueue extends JobQueue {
  status(): QueueStatus;
  find(kind: string, id: string): Promise<JobRecord | undefined>;
  list(kind?: string): Promise<readonly JobRecord[]>;
  /** Ends a waiting job, aborts a running one. False where there is none to cancel. */
  cancel(kind: string, id: string): Promise<boolean>;
  /** Runs a waiting or repeating job now. False where there is none. */
  runNow(kind: string, id: string): Promise<boolean>;
}
