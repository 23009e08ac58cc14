import { randomBytes } from 'node:crypto';
import { formatTimestamp } from '#event-model';
import type { RetainingTier, StreamSpec } from '#plugin-kit';
import { ARCHIVE_TIER, FIRST_TIER } from '#retention-policy';
import type { ClockGuard } from '../clock/clock-guard.js';
import { keeps, type Hold } from '../holds/hold.js';
import type { StoredPolicy } from '../policies/policy.js';
import { chooseCopies } from './choose-copies.js';
import { chooseUnits, policyOf, type LeavingUnit, type StreamUnit } from './choose-units.js';
import type {
  HeldUnitOfPlan,
  LeavingUnitOfPlan,
  PlanAuthor,
  PlannedUnit,
  RetentionPlan,
  StreamPlan,
} from './retention-plan.js';
import { figuresOf } from './unit-figures.js';
import type { TenantUnits, UnitReader } from './unit-reader.js';

/** Most units that one plan has: each is counted, and they are one document. */
export const MAX_UNITS = 2_000;
const DAY_MS = 86_400_000;
/** How long a plan may be applied. */
export const PLAN_LIFE_MS = DAY_MS;

export interface RetentionPlannerParts {
  readonly tier: () => Pick<RetainingTier, 'countUnit'>;
  readonly units: Pick<UnitReader, 'read'>;
  readonly clock: Pick<ClockGuard, 'look'>;
}

export interface PlanRequest {
  readonly tenant: string;
  readonly by: PlanAuthor;
  /** Makes other policies of the saved ones, to see what they would do. */
  readonly propose?: ((saved: readonly StoredPolicy[]) => readonly StoredPolicy[]) | undefined;
  /** Only these streams; a policy's size counts all that follow it nevertheless. */
  readonly streams?: readonly string[] | undefined;
}

/** Says what policies would delete and copy into the archive, by what is stored now. Changes nothing. */
export class RetentionPlanner {
  constructor(private readonly parts: RetentionPlannerParts) {}

  /** @throws TierError */
  async plan({ tenant, by, propose, streams }: PlanRequest): Promise<RetentionPlan> {
    const clock = await this.parts.clock.look();
    const seen = await this.parts.units.read(tenant, clock.now, propose);
    const asked = (unit: { readonly stream: string }): boolean => streams?.includes(unit.stream) ?? true;
    const leaving = chooseUnits(seen.units, seen.context).filter(({ unit }) => asked(unit));
    const isHeld = ({ unit }: LeavingUnit): boolean => seen.holds.some((hold) => keeps(hold, unit));
    const free = leaving.filter((one) => !isHeld(one));
    const held = leaving.filter(isHeld);
    const counted = await this.#count(seen.specs, free.slice(0, MAX_UNITS));
    // A disk that is filling is not filled with copies.
    const copying =
      by.kind === 'emergency' ? [] : chooseCopies(seen, leaving).filter(({ unit }) => asked(unit));
    return {
      ...{ id: planId(clock.now), tenant, made_by: by },
      made_at: new Date(clock.now).toISOString(),
      expires_at: new Date(clock.now + PLAN_LIFE_MS).toISOString(),
      clock: { state: clock.state, ...(clock.detail !== undefined && { detail: clock.detail }) },
      policies_version: seen.version,
      ...(propose && { proposed: seen.context.policies as readonly StoredPolicy[] }),
      streams: seen.specs
        .filter(({ name }) => asked({ stream: name }))
        .map((spec) => streamPlan(spec, seen, { leaving: free.slice(0, MAX_UNITS), held })),
      leaving: counted,
      held: held.slice(0, MAX_UNITS).map((one) => heldUnit(one, seen.holds)),
      copying: copying.slice(0, MAX_UNITS).map((one) => plannedUnit(one, ARCHIVE_TIER)),
      left_for_later: Math.max(0, free.length - MAX_UNITS) + Math.max(0, copying.length - MAX_UNITS),
    };
  }

  /** One after the other: each reads identities. A unit that is gone by now isn't in the plan. */
  async #count(
    specs: readonly StreamSpec[],
    leaving: readonly LeavingUnit[],
  ): Promise<readonly LeavingUnitOfPlan[]> {
    const byName = new Map(specs.map((spec) => [spec.name, spec]));
    const counted: LeavingUnitOfPlan[] = [];
    for (const one of leaving) {
      const stream = byName.get(one.unit.stream);
      const { day, generation } = one.unit;
      const count = stream && (await this.parts.tier().countUnit({ stream, day, generation }));
      if (!count) continue;
      const { events, through, identities, lastReceivedAt } = count;
      counted.push({
        ...plannedUnit(one),
        ...{ events, through, identities, last_received_at: String(lastReceivedAt) },
      });
    }
    return counted;
  }
}

/** Sorts by time: `20261122T020000-5f0e6a52`. */
function planId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

function streamPlan(
  { name, eventType }: StreamSpec,
  { units, context }: TenantUnits,
  chosen: { readonly leaving: readonly LeavingUnit[]; readonly held: readonly LeavingUnit[] },
): StreamPlan {
  const policy = policyOf(context, { name, eventType: eventType.name });
  const here = (list: readonly LeavingUnit[]): readonly StreamUnit[] =>
    list.map(({ unit }) => unit).filter(({ stream }) => stream === name);
  const before = figuresOf(units.filter(({ stream }) => stream === name));
  const leaves = figuresOf(here(chosen.leaving));
  const after = {
    units: before.units - leaves.units,
    events: before.events - leaves.events,
    bytes: before.bytes - leaves.bytes,
  };
  return {
    ...{ stream: name, event_type: eventType.name, policy: policy.name, keep: policy.keep },
    tiers: [{ tier: FIRST_TIER, before, leaves, held: figuresOf(here(chosen.held)), after }],
  };
}

function plannedUnit({ unit, why, policy }: LeavingUnit, tier = FIRST_TIER): PlannedUnit {
  const { stream, day, generation, events, bytes, oldest, newest } = unit;
  return {
    ...{ stream, tier, day, generation, events, bytes },
    ...{ oldest: formatTimestamp(oldest), newest: formatTimestamp(newest), why, policy },
  };
}

function heldUnit(one: LeavingUnit, holds: readonly Hold[]): HeldUnitOfPlan {
  const by = holds.filter((hold) => keeps(hold, one.unit)).map(({ id }) => id);
  return { ...plannedUnit(one), held_by: by };
}
