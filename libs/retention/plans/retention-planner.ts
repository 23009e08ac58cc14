import { randomBytes } from 'node:crypto';
import { formatTimestamp } from '#event-model';
import type { RetainingTier, StreamSpec } from '#plugin-kit';
import { FIRST_TIER } from '#retention-policy';
import type { ClockGuard } from '../clock/clock-guard.js';
import { keeps, type Hold } from '../holds/hold.js';
import type { NamedPolicy, StoredPolicy } from '../policies/policy.js';
import { chooseCopies, isCopied, type CopiedUnit } from './choose-copies.js';
import { archivedUnits, chooseExpiring } from './choose-expiring.js';
import {
  archiveTierOf,
  chooseUnits,
  copyTierOf,
  policyOf,
  type LeavingUnit,
  type PolicyContext,
  type StreamUnit,
} from './choose-units.js';
import type {
  HeldUnitOfPlan,
  LeavingUnitOfPlan,
  PlanAuthor,
  PlannedUnit,
  RetentionPlan,
  StreamPlan,
  TierPlan,
  UnitFigures,
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
  /** Only streams that follow such a policy. */
  readonly follows?: ((policy: NamedPolicy) => boolean) | undefined;
}

/** Says what policies would delete and copy into the archive, by what is stored now. Changes nothing. */
export class RetentionPlanner {
  constructor(private readonly parts: RetentionPlannerParts) {}

  /** @throws TierError */
  async plan({ tenant, by, propose, ...wanted }: PlanRequest): Promise<RetentionPlan> {
    const clock = await this.parts.clock.look();
    const seen = await this.parts.units.read(tenant, clock.now, propose);
    const asked = askedOf(seen, wanted);
    const chosen = chosenOf(seen, { asked, isUrgent: by.kind === 'emergency' });
    const { going, copying, moving, expiring } = chosen;
    const counted = await this.#count(seen, going.slice(0, MAX_UNITS));
    return {
      ...{ id: planId(clock.now), tenant, made_by: by },
      made_at: new Date(clock.now).toISOString(),
      expires_at: new Date(clock.now + PLAN_LIFE_MS).toISOString(),
      clock: { state: clock.state, ...(clock.detail !== undefined && { detail: clock.detail }) },
      policies_version: seen.version,
      ...(propose && { proposed: seen.context.policies as readonly StoredPolicy[] }),
      streams: seen.specs
        .filter(({ name }) => asked({ stream: name }))
        .map((spec) => streamPlan(spec, seen, chosen)),
      leaving: counted,
      held: heldUnits(chosen, seen).slice(0, MAX_UNITS),
      copying: copying.slice(0, MAX_UNITS).map((one) => plannedUnit(one, copyTierOf(seen.context, one.unit))),
      moving: moving.slice(0, MAX_UNITS).map((one) => plannedUnit(one)),
      expiring: expiring
        .slice(0, MAX_UNITS)
        .map((one) => plannedUnit(one, archiveTierOf(seen.context, one.unit))),
      left_for_later: [going, copying, moving, expiring].reduce(
        (sum, list) => sum + Math.max(0, list.length - MAX_UNITS),
        0,
      ),
    };
  }

  /** One after the other: each reads identities. A unit that is gone by now isn't in the plan. */
  async #count(
    { specs, context }: TenantUnits,
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
        ...(one.step === 'evict' && { kept_in: archiveTierOf(context, one.unit) }),
        ...{ events, through, identities, last_received_at: String(lastReceivedAt) },
      });
    }
    return counted;
  }
}

/** Whether a plan is about the stream of a unit. */
function askedOf(
  { specs, context }: TenantUnits,
  { streams, follows }: Pick<PlanRequest, 'streams' | 'follows'>,
): (unit: { readonly stream: string }) => boolean {
  const about = specs
    .filter(({ name }) => streams?.includes(name) ?? true)
    .filter(
      ({ name, eventType }) => follows?.(policyOf(context, { name, eventType: eventType.name })) ?? true,
    );
  const names = new Set(about.map(({ name }) => name));
  return ({ stream }) => names.has(stream);
}

/** Sorts by time: `20261122T020000-5f0e6a52`. */
function planId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

/** Each step's units, the oldest first. */
interface Chosen {
  /** From the first tier, since no tier keeps them or since the archive has answered for them for long enough. */
  readonly going: readonly LeavingUnit[];
  readonly moving: readonly LeavingUnit[];
  readonly copying: readonly CopiedUnit[];
  readonly expiring: readonly LeavingUnit[];
  /** What goes, moves or expires but for a hold. */
  readonly held: readonly LeavingUnit[];
  readonly heldInArchive: readonly LeavingUnit[];
}

function chosenOf(
  { specs, units, context, holds }: TenantUnits,
  {
    asked,
    isUrgent,
  }: {
    readonly asked: (unit: { readonly stream: string }) => boolean;
    /** A disk that is filling is not filled with copies. */
    readonly isUrgent: boolean;
  },
): Chosen {
  const isAsked = ({ unit }: CopiedUnit): boolean => asked(unit);
  const isHeld = ({ unit }: LeavingUnit): boolean => holds.some((hold) => keeps(hold, unit));
  const streams = specs.map(({ name, eventType }) => ({ name, eventType: eventType.name }));
  const leaving = chooseUnits(units, context).filter(isAsked);
  const expiring = chooseExpiring(context, streams).filter(isAsked);
  const free = leaving.filter((one) => !isHeld(one));
  return {
    going: free.filter(({ step }) => step !== 'move'),
    moving: free.filter(({ step, unit }) => step === 'move' && (!isUrgent || isCopied(unit, context))),
    copying: isUrgent ? [] : chooseCopies({ units, context }, leaving).filter(isAsked),
    expiring: expiring.filter((one) => !isHeld(one)),
    held: leaving.filter(isHeld),
    heldInArchive: expiring.filter(isHeld),
  };
}

function streamPlan(
  { name, eventType }: StreamSpec,
  { units, context }: TenantUnits,
  { going, expiring, held, heldInArchive }: Chosen,
): StreamPlan {
  const stream = { name, eventType: eventType.name };
  const policy = policyOf(context, stream);
  const here = (list: readonly LeavingUnit[]): readonly StreamUnit[] =>
    list.map(({ unit }) => unit).filter((unit) => unit.stream === name);
  const inSearch = units.filter((unit) => unit.stream === name);
  const inArchive = archivedUnits(context, stream).map(({ unit }) => unit);
  const tierOf = (unit: StreamUnit): string => archiveTierOf(context, unit);
  const tierPlan = (
    tier: string,
    before: readonly StreamUnit[],
    [leaves, kept]: readonly [readonly LeavingUnit[], readonly LeavingUnit[]],
  ): TierPlan => ({
    ...{ tier, before: figuresOf(before), leaves: figuresOf(here(leaves.slice(0, MAX_UNITS))) },
    held: figuresOf(here(kept)),
    after: without(figuresOf(before), figuresOf(here(leaves.slice(0, MAX_UNITS)))),
  });
  return {
    ...{ stream: name, event_type: eventType.name, policy: policy.name, keep: policy.keep },
    ...(policy.lock_days !== undefined && { lock_days: policy.lock_days }),
    tiers: [
      tierPlan(FIRST_TIER, inSearch, [going, held]),
      ...[...new Set(inArchive.map(tierOf))].map((tier) => {
        const there = ({ unit }: LeavingUnit): boolean => tierOf(unit) === tier;
        const before = inArchive.filter((unit) => tierOf(unit) === tier);
        return tierPlan(tier, before, [expiring.filter(there), heldInArchive.filter(there)]);
      }),
    ],
  };
}

function without(before: UnitFigures, leaves: UnitFigures): TierPlan['after'] {
  return {
    units: before.units - leaves.units,
    events: before.events - leaves.events,
    bytes: before.bytes - leaves.bytes,
  };
}

function plannedUnit({ unit, why, policy }: CopiedUnit, tier = FIRST_TIER): PlannedUnit {
  const { stream, day, generation, events, bytes, oldest, newest } = unit;
  return {
    ...{ stream, tier, day, generation, events, bytes },
    ...{ oldest: formatTimestamp(oldest), newest: formatTimestamp(newest), why, policy },
  };
}

function heldUnits(
  { held, heldInArchive }: Chosen,
  { holds, context }: { readonly holds: readonly Hold[]; readonly context: PolicyContext },
): readonly HeldUnitOfPlan[] {
  const by = ({ unit }: LeavingUnit): readonly string[] =>
    holds.filter((hold) => keeps(hold, unit)).map(({ id }) => id);
  return [
    ...held.map((one) => ({ ...plannedUnit(one), held_by: by(one) })),
    ...heldInArchive.map((one) => ({
      ...plannedUnit(one, archiveTierOf(context, one.unit)),
      held_by: by(one),
    })),
  ];
}
