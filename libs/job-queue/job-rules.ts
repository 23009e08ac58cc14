import { JobQueueError } from './job-queue.errors.js';
import type { NewJob } from './job-queue.port.js';

const NAME = /^[^:\0]{1,200}$/u;
/** Milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

/** Tries of a job that names no number. */
export const DEFAULT_ATTEMPTS = 5;

/** Milliseconds to wait after the failed try with this number (1 for the first): 1 s, doubled each time up to 60 s. */
export function retryDelayMs(attempt: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 30), LONGEST_RETRY_MS);
}

/** Refuses a job that could not be kept or would never run. */
export function checkJob(job: NewJob): void {
  checkText('kind', job.kind);
  checkText('id', job.id);
  checkNumber('delayMs', job.delayMs, 0);
  checkNumber('everyMs', job.everyMs, 1);
  checkNumber('attempts', job.attempts, 1);
}

function checkText(field: string, text: string): void {
  if (NAME.test(text)) return;
  throw new JobQueueError(
    'job_invalid',
    `A job's ${field} needs 1 to 200 characters, none of them ":" or NUL.`,
  );
}

function checkNumber(field: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new JobQueueError(
    'job_invalid',
    `A job's ${field} must be a whole number from ${least}, not ${value}.`,
  );
}
