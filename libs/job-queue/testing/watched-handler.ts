import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { InspectableJobQueue, JobHandler, JobRecord, RunningJob } from '../job-queue.port.js';

const DEADLINE_MS = 2_000;

/** Waits until the check holds; an assertion of its own, so that the failure says what was waited for. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await pause(1);
  }
}

/** Gives everything that could happen by mistake the time to happen. */
export const settle = (): Promise<void> => pause(20);

/** Waits until the job's record is as described. */
export async function untilRecord(
  queue: InspectableJobQueue,
  job: { readonly kind: string; readonly id: string },
  expected: Partial<JobRecord>,
): Promise<JobRecord> {
  let found: JobRecord | undefined;
  await until(`${job.kind} ${job.id} is ${JSON.stringify(expected)}`, async () => {
    found = await queue.find(job.kind, job.id);
    const wanted = Object.entries(expected);
    return found !== undefined && wanted.every(([key, value]) => found?.[key as keyof JobRecord] === value);
  });
  return found as JobRecord;
}

/** A handler whose runs end when the test says so, and that counts how many are under way. */
export class WatchedHandler {
  readonly runs: HeldRun[] = [];
  active = 0;
  mostActive = 0;

  readonly handle: JobHandler = async (job) => {
    this.active += 1;
    this.mostActive = Math.max(this.mostActive, this.active);
    try {
      await new Promise<void>((end, fail) => this.runs.push({ job, end, fail }));
    } finally {
      this.active -= 1;
    }
  };

  /** Waits for the nth run (from 1). */
  async run(n: number): Promise<HeldRun> {
    await until(`run ${n} started`, () => this.runs.length >= n);
    return this.runs[n - 1] as HeldRun;
  }
}

export interface HeldRun {
  readonly job: RunningJob;
  end(): void;
  fail(error: Error): void;
}
