import { randomUUID } from 'node:crypto';
import { DEFAULT_ATTEMPTS, retryDelayMs } from '../job-rules.js';
import type { EndedRun, JobStep, NewJob } from '../job-queue.port.js';
import { hasEnded, type StoredJob, type Transition } from './stored-job.js';

/** Runs that a job remembers. */
const KEPT_RUNS = 20;

/** Adds the job where it isn't waiting or running. */
export function added(job: NewJob, now: number): Transition {
  return (current) => (current && !hasEnded(current.state) ? undefined : newRecord(job, now));
}

function newRecord(job: NewJob, now: number): StoredJob {
  return {
    kind: job.kind,
    id: job.id,
    // A copy, and exactly what will be read after a restart.
    payload: JSON.parse(JSON.stringify(job.payload ?? {})) as StoredJob['payload'],
    state: 'waiting',
    attempt: 0,
    attempts: job.attempts ?? DEFAULT_ATTEMPTS,
    addition: randomUUID(),
    progress: 0,
    addedAt: now,
    runAt: now + (job.delayMs ?? 0),
    ...(job.everyMs !== undefined && { everyMs: job.everyMs }),
  };
}

/** Starts the next try of a waiting job. */
export function started(addition: string, now: number): Transition {
  return (job) =>
    job?.state === 'waiting' && job.addition === addition
      ? {
          ...without(job, 'note', 'steps', 'endedAt'),
          state: 'running',
          attempt: job.attempt + 1,
          progress: 0,
          startedAt: now,
        }
      : undefined;
}

/** A run was broken off by the end of the process: the same try is made again, at once. */
export function interrupted(addition: string, now: number): Transition {
  return ifRunning(addition, (job) => ({
    ...ranUntil(job, now, { outcome: 'interrupted' }),
    ...{ state: 'waiting', attempt: job.attempt - 1, runAt: now },
  }));
}

/** A run came to its end; one of a repeating job is followed by its next turn. */
export function succeeded(addition: string, now: number): Transition {
  return ifRunning(addition, (job) => {
    const record = {
      ...without(ranUntil(job, now, { outcome: 'done' }), 'error'),
      progress: 1,
      endedAt: now,
    };
    return job.everyMs === undefined
      ? { ...record, state: 'done' }
      : { ...record, state: 'waiting', attempt: 0, runAt: now + job.everyMs };
  });
}

/** A run failed: tried again later, or at its next turn, or ended. */
export function failed(addition: string, now: number, error: unknown): Transition {
  return ifRunning(addition, (job) => {
    const why = messageOf(error);
    const record = { ...ranUntil(job, now, { outcome: 'failed', error: why }), error: why, endedAt: now };
    if (isRetryable(error) && job.attempt < job.attempts) {
      return { ...record, state: 'waiting', runAt: now + retryDelayMs(job.attempt) };
    }
    return job.everyMs === undefined
      ? { ...record, state: 'failed' }
      : { ...record, state: 'waiting', attempt: 0, runAt: now + job.everyMs };
  });
}

/** Cancels a job that has not ended. */
export function cancelled(now: number): Transition {
  return (job) => {
    if (!job || hasEnded(job.state)) return undefined;
    const before = job.state === 'running' ? ranUntil(job, now, { outcome: 'cancelled' }) : job;
    return { ...before, state: 'cancelled', endedAt: now };
  };
}

/** Makes a waiting job due. */
export function dueNow(now: number): Transition {
  return (job) => (job?.state === 'waiting' ? { ...job, runAt: Math.min(job.runAt, now) } : undefined);
}

/** How far a run is. */
export interface RunProgress {
  /** 0 to 1. */
  readonly share: number;
  readonly note?: string | undefined;
  readonly steps?: readonly JobStep[] | undefined;
}

/** Notes how far the run is. */
export function progressed(addition: string, { share, note, steps }: RunProgress): Transition {
  const progress = Math.min(1, Math.max(0, share));
  return ifRunning(addition, (job) => ({
    ...{ ...job, progress },
    ...(note !== undefined && { note }),
    ...(steps && { steps }),
  }));
}

/** The job with its run in the history. */
function ranUntil(job: StoredJob, now: number, end: Pick<EndedRun, 'outcome' | 'error'>): StoredJob {
  const { attempt, startedAt = now, history = [] } = job;
  return { ...job, history: [...history, { attempt, startedAt, endedAt: now, ...end }].slice(-KEPT_RUNS) };
}

/** A run may only touch the job it was started for, and only while that still counts as running. */
function ifRunning(addition: string, next: (job: StoredJob) => StoredJob): Transition {
  return (job) => (job?.state === 'running' && job.addition === addition ? next(job) : undefined);
}

function without<K extends keyof StoredJob>(job: StoredJob, ...keys: readonly K[]): Omit<StoredJob, K> {
  const copy = { ...job };
  for (const key of keys) delete copy[key];
  return copy;
}

function isRetryable(error: unknown): boolean {
  return !(typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
