import type { JobRecord, JobState } from '../job-queue.port.js';

/** The collection of the catalogue that jobs are kept in. */
export const JOBS = 'jobs';
/** Milliseconds for which the record of an ended job can be looked at. */
export const KEEP_ENDED_MS = 7 * 86_400_000;

/** A job as it is kept. */
export interface StoredJob extends JobRecord {
  readonly attempts: number;
  /** Changes when an ended job is added again, so that a late run of the old one can't touch the new one. */
  readonly addition: string;
  /** Which run has the job, where several processes may; absent where nobody has, or this process is the only one. */
  readonly lease?: Lease;
}

/** A run's right to a job. It ends by itself where the process of the run is gone. */
export interface Lease {
  readonly run: string;
  /** The name of its process, which takes back at its next start what it had when it was killed. */
  readonly process?: string;
  /** Milliseconds since the epoch. */
  readonly untilMs: number;
}

/** Decides on a job's next record; undefined leaves it as it is. */
export type Transition = (current: StoredJob | undefined) => StoredJob | undefined;

/** Where the records of jobs are changed. */
export interface JobRecords {
  /** Makes one transition durable. Resolves with the new record, if any. */
  update(key: string, transition: Transition): Promise<StoredJob | undefined>;
}

/** What a job is known by: kind and id, neither of which has a ':'. */
export const jobKey = (job: { readonly kind: string; readonly id: string }): string =>
  `${job.kind}:${job.id}`;

/** Whether a job in this state will never run again by itself. */
export const hasEnded = (state: JobState): boolean => state !== 'waiting' && state !== 'running';

/** What the port shows of a job. */
export function publicRecord(job: StoredJob): JobRecord {
  const { attempts: _attempts, addition: _addition, lease: _lease, ...record } = job;
  return record;
}
