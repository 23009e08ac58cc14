import { SYSTEM_CLOCK, type JobClock } from '../records/job-clock.js';

/** How soon the work of a process that is gone is taken up, the same in every process: milliseconds. */
export interface Timing {
  /** A run's right to its job, and a worker's to what it took from Redis, where the process is gone. */
  readonly leaseMs: number;
  /** Between looks for what such processes had taken. Redis keeps one clock for all of them, so it must be the same. */
  readonly stalledMs: number;
  /** Between looks whether Redis has lost jobs that the catalogue has. */
  readonly restoreMs: number;
}

/** What a queue has its times from. When jobs are due the clock says; leases go by the machine's. */
export interface QueueTime extends Timing {
  readonly clock: JobClock;
}

export const SYSTEM_TIME: QueueTime = {
  clock: SYSTEM_CLOCK,
  leaseMs: 20_000,
  stalledMs: 10_000,
  restoreMs: 10_000,
};
