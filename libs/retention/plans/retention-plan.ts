import type { BlockId } from '#event-model';
import type { CountedUnit } from '#plugin-kit';
import type { ClockReading } from '../clock/clock-guard.js';
import type { PolicyAuthor, StoredPolicy } from '../policies/policy.js';
import type { LeavingReason } from './choose-units.js';

/** Who makes or applies a plan: a key, the schedule, or the disk guard since a disk is filling. */
export type PlanAuthor =
  | ({ readonly kind: 'key' } & PolicyAuthor)
  | { readonly kind: 'schedule' }
  | ({ readonly kind: 'emergency' } & DiskEmergency);

/** What made a plan urgent. */
export interface DiskEmergency {
  /** What lies on the disk: `data,log,tier`. */
  readonly places: string;
  readonly used_percent: number;
}

/** What some units are together. */
export interface UnitFigures {
  readonly units: number;
  readonly events: number;
  /** Of disk. */
  readonly bytes: number;
  /** Times of the first and the last event, RFC 3339; null where there is none. */
  readonly oldest: string | null;
  readonly newest: string | null;
}

/** A unit that its policy no longer keeps: a day of a stream, of one generation. */
export interface PlannedUnit {
  readonly stream: string;
  readonly tier: string;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  readonly generation: number;
  readonly events: number;
  readonly bytes: number;
  readonly oldest: string;
  readonly newest: string;
  readonly why: LeavingReason;
  readonly policy: string;
}

/** One that goes, with what it was counted by: what comes later is not of the plan. */
export interface LeavingUnitOfPlan extends PlannedUnit {
  /** What answers for its events already; absent where they are deleted. */
  readonly kept_in?: string;
  readonly through: BlockId;
  readonly identities: string;
  /** Nanoseconds since the epoch, as a text. */
  readonly last_received_at: string;
}

/** One that a hold keeps. */
export interface HeldUnitOfPlan extends PlannedUnit {
  /** Ids of holds. */
  readonly held_by: readonly string[];
}

/** What a plan means for a stream in one tier. */
export interface TierPlan {
  readonly tier: string;
  readonly before: UnitFigures;
  readonly leaves: UnitFigures;
  readonly held: UnitFigures;
  readonly after: Pick<UnitFigures, 'units' | 'events' | 'bytes'>;
}

export interface StreamPlan {
  readonly stream: string;
  readonly event_type: string;
  /** Name of the policy that counts. */
  readonly policy: string;
  readonly keep: string;
  /** For how many days what is copied is locked in its store, where its policy says so. */
  readonly lock_days?: number;
  readonly tiers: readonly TierPlan[];
}

/** What would be deleted, as it was counted at one moment, copied and moved. Applying it deletes exactly that. */
export interface RetentionPlan {
  readonly id: string;
  readonly tenant: string;
  /** RFC 3339. */
  readonly made_at: string;
  readonly expires_at: string;
  readonly made_by: PlanAuthor;
  readonly clock: Pick<ClockReading, 'state' | 'detail'>;
  /** Version of the saved policies that it goes by, or that its proposed ones would replace. */
  readonly policies_version: number;
  /** All policies as they would be, where the plan is for some that are not saved yet. */
  readonly proposed?: readonly StoredPolicy[];
  readonly streams: readonly StreamPlan[];
  readonly leaving: readonly LeavingUnitOfPlan[];
  readonly held: readonly HeldUnitOfPlan[];
  /** Those that are copied into the archive; absent in plans of an earlier version. */
  readonly copying?: readonly PlannedUnit[];
  /** Those that the archive answers for from then on; absent in plans of an earlier version. */
  readonly moving?: readonly PlannedUnit[];
  /** Those that only the archive has, and that go; absent in plans of an earlier version. */
  readonly expiring?: readonly PlannedUnit[];
  /** Units that leave, or are copied, too, beyond the most that one plan has: plan again once it is applied. */
  readonly left_for_later: number;
}

/** What applying a plan does, unit by unit: as many as its run has outcomes. */
export function stepsOf({ leaving, expiring = [], copying = [], moving = [] }: RetentionPlan): number {
  return leaving.length + expiring.length + copying.length + moving.length;
}

/** The unit as it was counted. */
export function countedOf(unit: LeavingUnitOfPlan): CountedUnit {
  const { day, generation, events, through, identities, last_received_at: last } = unit;
  return { day, generation, events, through, identities, lastReceivedAt: BigInt(last) };
}
