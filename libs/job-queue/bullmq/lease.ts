import { interrupted } from '../records/job-transitions.js';
import type { JobRecords, Lease, StoredJob, Transition } from '../records/stored-job.js';

/** Whether a run of some process has the job now. */
export const isHeld = ({ lease }: StoredJob, nowMs: number): boolean =>
  lease !== undefined && lease.untilMs > nowMs;

/** What a run may change of its job: all, with its lease on it while it runs; nothing while another run has the job. */
export function leasedRecords(records: JobRecords, lease: () => Lease): JobRecords {
  return {
    update: (key, transition) =>
      records.update(key, (current) => {
        const own = lease();
        if (current && current.lease?.run !== own.run && isHeld(current, Date.now())) return undefined;
        const next = transition(current);
        return next && withLease(next, next.state === 'running' ? own : undefined);
      }),
  };
}

/** Adds a job; a run that was cancelled, and has not ended yet, keeps it from another run. */
export function keepingLease(transition: Transition): Transition {
  return (current) => {
    const next = transition(current);
    return next && withLease(next, current?.lease);
  };
}

/** Lengthens the lease of a run, and gives undefined where it has it no more. */
export function renewed(lease: Lease): Transition {
  return (current) => (current?.lease?.run === lease.run ? withLease(current, lease) : undefined);
}

/** Takes the lease of a run off the job, whatever has become of that. */
export function released(run: string): Transition {
  return (current) => (current?.lease?.run === run ? withLease(current, undefined) : undefined);
}

/** A job whose run's process is gone waits again, for the same try. */
export function abandoned(addition: string, now: number, nowMs: number): Transition {
  return (current) => {
    if (!current || isHeld(current, nowMs)) return undefined;
    const next = interrupted(addition, now)(current);
    return next && withLease(next, undefined);
  };
}

/** The same at once where the run was of an earlier life of this process. */
export function leftBehind(process: string, now: number): Transition {
  return (current) => {
    if (current?.lease?.process !== process) return undefined;
    return withLease(interrupted(current.addition, now)(current) ?? current, undefined);
  };
}

function withLease({ lease: _lease, ...job }: StoredJob, lease: Lease | undefined): StoredJob {
  return lease ? { ...job, lease } : job;
}
