import { formatTimestamp } from '#event-model';
import type { EndedRun, JobRecord, JobStep } from '#job-queue';
import type { ShownJob } from './jobs.schema.js';

type ShownStep = NonNullable<ShownJob['steps']>[number];
type ShownRun = NonNullable<ShownJob['history']>[number];

/**
 * A job as the API shows it.
 *
 * @param waitsFor what it waits for, where it does
 * @param nowMs milliseconds since the epoch
 */
export function shownJob(job: JobRecord, waitsFor: string | undefined, nowMs: number): ShownJob {
  const { id, kind, state, progress, note, error, attempt, addedAt, startedAt, endedAt } = job;
  return {
    ...{ id, kind, state, progress, attempt },
    ...(note !== undefined && { note }),
    ...(waitsFor !== undefined && { waits_for: waitsFor }),
    ...(error !== undefined && state !== 'done' && { error }),
    ...(job.steps && { steps: job.steps.map((step) => shownStep(step, job, nowMs)) }),
    ...(job.history && { history: job.history.map(shownRun) }),
    added_at: timeOf(addedAt),
    ...(startedAt !== undefined && { started_at: timeOf(startedAt) }),
    ...(endedAt !== undefined && { ended_at: timeOf(endedAt) }),
  };
}

function shownStep(step: JobStep, job: JobRecord, nowMs: number): ShownStep {
  const { name, progress, note, waitsFor, startedAt } = step;
  const isStopped = step.state === 'running' && job.state !== 'running';
  const until = step.endedAt ?? (isStopped ? job.history?.at(-1)?.endedAt : nowMs) ?? nowMs;
  return {
    ...{ name, progress, state: isStopped ? 'stopped' : step.state },
    ...(note !== undefined && { note }),
    ...(waitsFor !== undefined && step.state === 'waiting' && { waits_for: waitsFor }),
    ...(startedAt !== undefined && { started_at: timeOf(startedAt), duration_ms: until - startedAt }),
  };
}

function shownRun({ attempt, outcome, startedAt, endedAt, error }: EndedRun): ShownRun {
  return {
    ...{ attempt, outcome, started_at: timeOf(startedAt), duration_ms: endedAt - startedAt },
    ...(error !== undefined && { error }),
  };
}

/**
 * What a job waits for; undefined where it doesn't wait.
 *
 * @param others of its kind
 * @param isOut whether the queue starts no jobs now. Why is for operators: it names servers
 */
export function waitsFor(job: JobRecord, others: readonly JobRecord[], isOut = false): string | undefined {
  if (job.state !== 'waiting') return undefined;
  if (isOut) return 'the queue of jobs, which is out: /health/ready tells an operator why';
  if (job.runAt > Date.now()) return `its time, ${timeOf(job.runAt)}`;
  const isBusy = others.some(({ kind, state }) => kind === job.kind && state === 'running');
  return isBusy ? `another job of the kind ${job.kind} to end` : 'a worker to take it';
}

/** @param ms since the epoch */
function timeOf(ms: number): string {
  return formatTimestamp(BigInt(ms) * 1_000_000n);
}
