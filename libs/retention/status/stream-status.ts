import { leavesAt, oldestKept } from '../day.js';
import { keeps } from '../holds/hold.js';
import {
  chooseUnits,
  daysInSearch,
  dueSince,
  policyOf,
  type LeavingUnit,
  type StreamUnit,
} from '../plans/choose-units.js';
import type { UnitFigures } from '../plans/retention-plan.js';
import { figuresOf } from '../plans/unit-figures.js';
import type { TenantUnits } from '../plans/unit-reader.js';
import type { NamedPolicy, RetentionClass } from '../policies/policy.js';
import { lastCron } from '../schedule/cron.js';
import { archiveStatusOf, type ArchiveStatus } from './archive-status.js';

/** What a run may take until what it should have removed is missed: milliseconds. */
const RUN_MS = 2 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/** What should be there of a stream, and what is, as the tier says. Days are `YYYYMMDD`, UTC. */
export interface StreamStatus {
  readonly stream: string;
  readonly event_type: string;
  /** Name of the policy that counts. */
  readonly policy: string;
  readonly keep: string;
  /** Where its policy locks what it archives. */
  readonly lock_days?: number;
  readonly class: RetentionClass;
  /** The oldest day that is kept for its age; undefined where all are. */
  readonly wantedOldest?: number;
  /** Undefined where the stream is empty. */
  readonly actualOldest?: number;
  readonly actualNewest?: number;
  readonly stored: UnitFigures;
  /** What its policy no longer keeps and no hold does. */
  readonly overdue: UnitFigures;
  /** Those of them that a run of its policy has missed. */
  readonly drift: UnitFigures;
  /** What only holds keep. */
  readonly held: UnitFigures;
  /** Ids of holds that keep any of it. */
  readonly held_by: readonly string[];
  /** What leaves next for its age. */
  readonly next?: { readonly day: number; readonly at: number };
  /** Where its policy names the archive. */
  readonly archive?: ArchiveStatus;
}

/** All of a tenant's streams. */
export function streamStatuses(seen: TenantUnits): readonly StreamStatus[] {
  const leaving = chooseUnits(seen.units, seen.context);
  return seen.specs.map(({ name, eventType }) => {
    const here = (unit: { readonly stream: string }): boolean => unit.stream === name;
    return statusOf({ name, eventType: eventType.name }, seen, {
      units: seen.units.filter(here).toSorted((a, b) => a.day - b.day),
      leaving: leaving.filter(({ unit }) => here(unit)),
    });
  });
}

function statusOf(
  stream: { readonly name: string; readonly eventType: string },
  seen: TenantUnits,
  { units, leaving }: { readonly units: readonly StreamUnit[]; readonly leaving: readonly LeavingUnit[] },
): StreamStatus {
  const { context, holds } = seen;
  const policy = policyOf(context, stream);
  const days = daysInSearch(policy);
  const isHeld = ({ unit }: LeavingUnit): boolean => holds.some((hold) => keeps(hold, unit));
  const overdue = leaving.filter((one) => !isHeld(one));
  const cycleMs = cycleOf(policy, context);
  const missed = (one: LeavingUnit): boolean =>
    one.why === 'age' && dueSince(one, policy, context) + cycleMs <= context.now;
  const figures = (list: readonly LeavingUnit[]): UnitFigures => figuresOf(list.map(({ unit }) => unit));
  const next = units.find(({ day }) => days !== null && leavesAt(day, days) > context.now);
  const [first, last] = [units[0], units.at(-1)];
  const archive = archiveStatusOf(seen, stream, { leaving, cycleMs });
  return {
    ...{ stream: stream.name, event_type: stream.eventType },
    ...{ policy: policy.name, keep: policy.keep, class: policy.class },
    ...(policy.lock_days !== undefined && { lock_days: policy.lock_days }),
    ...(days !== null && { wantedOldest: oldestKept(context.now, days) }),
    ...(first && last && { actualOldest: first.day, actualNewest: last.day }),
    ...{ stored: figuresOf(units), overdue: figures(overdue), drift: figures(overdue.filter(missed)) },
    held: figures(leaving.filter(isHeld)),
    held_by: holds.filter((hold) => units.some((unit) => keeps(hold, unit))).map(({ id }) => id),
    ...(days !== null && next && { next: { day: next.day, at: leavesAt(next.day, days) } }),
    ...(archive && { archive }),
  };
}

/** A unit that should be gone for so long has missed a run: milliseconds. */
function cycleOf({ cron }: NamedPolicy, { now, timeZone: zone }: TenantUnits['context']): number {
  return cron === undefined ? DAY_MS + RUN_MS : now - lastCron({ cron, zone }, now - RUN_MS);
}
