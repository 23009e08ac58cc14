import type { Logger } from 'pino';
import type { InspectableJobQueue } from '#job-queue';
import type { ClockGuard, ClockReading } from '../clock/clock-guard.js';
import { RETENTION_JOB, type RetentionRun } from '../runs/retention-run.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import type { RunFinisher } from '../runs/run-finisher.js';
import type { RunStarter } from '../runs/run-starter.js';
import type { RetentionGauges } from '../status/retention-gauges.js';
import type { DailyRun } from './daily-run.js';
import type { EmergencyRun } from './emergency-run.js';
import type { PolicyRuns } from './policy-runs.js';

/** How long a run whose job has ended may take to write that down: milliseconds. */
const ENDING_MS = 10 * 60_000;

export interface RetentionWatchParts {
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly runs: Pick<RetentionRuns, 'unfinished'>;
  readonly starter: Pick<RunStarter, 'queueJob'>;
  readonly finisher: Pick<RunFinisher, 'finish'>;
  readonly daily: Pick<DailyRun, 'runIfDue'>;
  readonly policies: Pick<PolicyRuns, 'runIfDue'>;
  readonly emergency: Pick<EmergencyRun, 'runIfDue'>;
  readonly gauges: Pick<RetentionGauges, 'set'>;
  readonly queue: Pick<InspectableJobQueue, 'find'>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/** What is looked at every minute: the clock, runs that a killed process left, the times of runs, disks that fill up, drift. */
export class RetentionWatch {
  #wasDoubted = false;

  constructor(private readonly parts: RetentionWatchParts) {}

  async run(): Promise<void> {
    const reading = await this.parts.clock.look();
    this.#tell(reading);
    for (const run of await this.parts.runs.unfinished()) await this.#settle(run, reading.now);
    await this.parts.daily.runIfDue(reading);
    await this.parts.policies.runIfDue(reading);
    await this.parts.emergency.runIfDue(reading);
    await this.parts.gauges.set(reading);
  }

  #tell({ state, detail }: ClockReading): void {
    const isDoubted = state === 'doubted';
    if (isDoubted && !this.#wasDoubted)
      this.parts.logger.error(
        { detail },
        'retention is paused: the clock may be wrong. Set it right, or apply a plan with accept_clock',
      );
    if (!isDoubted && this.#wasDoubted) this.parts.logger.info('retention goes on: the clock is trusted');
    this.#wasDoubted = isDoubted;
  }

  /** A job that was never begun is begun; one that ended without a word is ended. */
  async #settle(run: RetentionRun, now: number): Promise<void> {
    const job = await this.parts.queue.find(RETENTION_JOB, run.id);
    if (!job) return this.parts.starter.queueJob(run);
    const isOver = job.state === 'cancelled' || job.state === 'failed';
    if (!isOver || now - (job.endedAt ?? now) < ENDING_MS) return;
    await this.parts.finisher.finish(run, job.state === 'failed' ? 'failed' : 'cancelled', job.error);
  }
}
