import type { LeavingUnitOfPlan, PlanAuthor } from '../plans/retention-plan.js';

/** Kind of the job that applies a plan; its id is the plan's. */
export const RETENTION_JOB = 'retention.apply';

/** Why a planned unit stayed. */
export type KeptReason = 'held' | 'changed' | 'clock' | 'stream_gone' | 'damaged' | 'refused';

/**
 * Why a planned unit was not copied: nothing is there of it, or it was changed meanwhile; what was read back of the archive
 * is not what was put there; the place of archives refuses it.
 */
export type NotCopiedReason = 'changed' | 'stream_gone' | 'damaged' | 'refused';

/** What may become of a unit: of one that was to go, to be copied, and to be answered for by the archive. */
export type Outcome = 'removed' | 'kept' | 'copied' | 'not_copied' | 'moved' | 'not_moved';

/** What became of a unit of the plan. */
export interface UnitOutcome extends Pick<
  LeavingUnitOfPlan,
  'stream' | 'tier' | 'day' | 'generation' | 'events' | 'bytes' | 'why' | 'policy'
> {
  readonly outcome: Outcome;
  /** What answers for a removed unit's events; absent where they are deleted. */
  readonly kept_in?: string;
  /** Where it was kept, not copied, or not moved. */
  readonly reason?: KeptReason | NotCopiedReason;
  readonly detail?: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Units and events of one kind. */
export interface RunCount {
  readonly units: number;
  readonly events: number;
  readonly bytes: number;
}

/** What the tier said once everything was done. */
export interface ReadBack {
  /** RFC 3339. */
  readonly at: string;
  /** Removed units of which nothing is there. */
  readonly gone: number;
  /** Removed units that have events which came after the plan had counted. */
  readonly with_later_events: number;
  /** Removed units that have counted events still. */
  readonly wrong: number;
}

export type RunState = 'running' | 'done' | 'cancelled' | 'failed';

/** One plan that is applied, or was. */
export interface RetentionRun {
  /** The plan's. */
  readonly id: string;
  readonly tenant: string;
  readonly by: PlanAuthor;
  /** RFC 3339. */
  readonly begun_at: string;
  readonly ended_at?: string;
  readonly state: RunState;
  readonly planned: RunCount;
  /** So far as it has ended. */
  readonly removed?: RunCount;
  readonly kept?: RunCount;
  /** Into the archive; absent where the plan had nothing to copy. */
  readonly copied?: RunCount;
  readonly not_copied?: RunCount;
  /** What the archive answers for since; absent where the plan had nothing to move. */
  readonly moved?: RunCount;
  readonly not_moved?: RunCount;
  readonly read_back?: ReadBack;
  /** Why it failed. */
  readonly error?: string;
}

export function countOutcomes(units: readonly Pick<UnitOutcome, 'events' | 'bytes'>[]): RunCount {
  return units.reduce<RunCount>(
    (sum, { events, bytes }) => ({
      units: sum.units + 1,
      events: sum.events + events,
      bytes: sum.bytes + bytes,
    }),
    { units: 0, events: 0, bytes: 0 },
  );
}
