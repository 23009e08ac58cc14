import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RunTimeSettings } from '#app-config';
import {
  printDay,
  RetentionPlanner,
  RetentionPlans,
  RunStarter,
  type PlanAuthor,
  type PlannedUnit,
  type RetentionPlan,
  type StoredPolicy,
} from '#retention';
import { Problem } from '../problems/problem.js';
import type { PolicyRequest } from './policies.schema.js';
import { stored } from './policies.service.js';
import { costOf, type StoragePrices } from './plan-cost.js';
import { PolicyChecks } from './policy-checks.js';
import type { ApplyRequest, PlanRequestBody, ShownApplied, ShownPlan } from './plans.schema.js';
import { requireReach } from './require-reach.js';

/** Makes plans and applies them. */
@Injectable()
export class RetentionPlansService {
  constructor(
    @Inject(RetentionPlanner) private readonly planner: RetentionPlanner,
    @Inject(RetentionPlans) private readonly plans: RetentionPlans,
    @Inject(RunStarter) private readonly starter: RunStarter,
    @Inject(PolicyChecks) private readonly checks: PolicyChecks,
    @Inject(RunTimeSettings) private readonly settings: RunTimeSettings,
  ) {}

  /** @throws Problem `policy_name_invalid`, `stream_unknown`, `event_type_unknown`, `invalid_request`; TierError */
  async make(caller: Principal, { policies, streams }: PlanRequestBody): Promise<ShownPlan> {
    requireReach(caller);
    for (const name of streams ?? []) await this.checks.requireStream(caller.tenant, name);
    if (policies) await this.checks.check(caller.tenant, given(policies), 'policies');
    const plan = await this.planner.plan({
      ...{ tenant: caller.tenant, by: authorOf(caller), streams },
      propose: policies && ((saved) => proposed(caller, saved, policies)),
    });
    await this.plans.keep(plan);
    return shown(plan, this.prices());
  }

  /** @throws Problem `plan_not_found` */
  async find(caller: Principal, id: string): Promise<ShownPlan> {
    requireReach(caller);
    return shown((await this.plans.find(caller.tenant, id)) ?? missing(), this.prices());
  }

  /** @throws Problem `plan_not_found`, `forbidden`; StartError */
  async apply(
    caller: Principal,
    { plan: id, accept_clock: acceptClock }: ApplyRequest,
  ): Promise<ShownApplied> {
    requireReach(caller);
    if (acceptClock) requireWholeAppliance(caller);
    const plan = (await this.plans.find(caller.tenant, id)) ?? missing();
    const { planned } = await this.starter.start({ plan, by: authorOf(caller), acceptClock });
    return { job: plan.id, planned };
  }

  /** Those of now, also of plans that were made before. */
  private prices(): StoragePrices {
    const { retentionPrices: prices, retentionCurrency: currency } = this.settings.current;
    return { prices, currency };
  }
}

function authorOf({ keyId, keyName }: Principal): PlanAuthor {
  return { kind: 'key', key_id: keyId, key_name: keyName };
}

/** The clock is that of all tenants: who trusts it lets the schedule delete of each. */
function requireWholeAppliance({ scopes }: Principal): void {
  if (!scopes.has('system'))
    throw new Problem(
      'forbidden',
      'Only a key with the scope system may say that the clock is right: it is the clock of all tenants.',
    );
}

type Proposed = NonNullable<PlanRequestBody['policies']>;

/** Those that are not to be taken away. */
function given(policies: Proposed): Readonly<Record<string, PolicyRequest>> {
  return Object.fromEntries(
    Object.entries(policies).flatMap(([name, policy]) => (policy ? [[name, policy] as const] : [])),
  );
}

function proposed(
  caller: Principal,
  saved: readonly StoredPolicy[],
  policies: Proposed,
): readonly StoredPolicy[] {
  const changed = Object.entries(given(policies)).map(([name, policy]) =>
    stored(caller, { name, ...policy }, saved),
  );
  return [...saved.filter(({ name }) => !Object.hasOwn(policies, name)), ...changed];
}

function shown(plan: RetentionPlan, prices: StoragePrices): ShownPlan {
  const { tenant: _tenant, proposed: saved, leaving, held, streams, ...rest } = plan;
  const { copying = [], moving = [], expiring = [], ...told } = rest;
  const tiers = streams.flatMap((stream) => stream.tiers);
  const cost = costOf(plan, prices);
  const bytes = (of: 'before' | 'after'): number => tiers.reduce((sum, tier) => sum + tier[of].bytes, 0);
  return {
    ...told,
    saves_policies: saved !== undefined,
    totals: {
      leaves: countUnits([...leaving.filter(({ kept_in: keptIn }) => !keptIn), ...expiring]),
      evicts: countUnits(leaving.filter(({ kept_in: keptIn }) => keptIn)),
      ...{ moves: countUnits(moving), held: countUnits(held), copies: countUnits(copying) },
      ...{ storage_before: bytes('before'), storage_after: bytes('after') },
      ...(cost && { cost }),
    },
    streams: structuredClone(streams) as ShownPlan['streams'],
    leaving: leaving.map((unit) => ({ ...shownUnit(unit), kept_in: unit.kept_in })),
    expiring: expiring.map(shownUnit),
    copying: copying.map(shownUnit),
    moving: moving.map(shownUnit),
    held: held.map((unit) => ({ ...shownUnit(unit), held_by: [...unit.held_by] })),
  };
}

function countUnits(units: readonly PlannedUnit[]): ShownPlan['totals']['copies'] {
  const sum = (of: 'events' | 'bytes'): number => units.reduce((total, unit) => total + unit[of], 0);
  return { units: units.length, events: sum('events'), bytes: sum('bytes') };
}

function shownUnit(unit: PlannedUnit): ShownPlan['leaving'][number] {
  const { stream, tier, day, generation, events, bytes, oldest, newest, why, policy } = unit;
  return {
    ...{ stream, tier, day: printDay(day), generation, events, bytes },
    ...{ oldest, newest, why, policy },
  };
}

function missing(): never {
  throw new Problem('plan_not_found', 'The tenant has no retention plan of this id.');
}
