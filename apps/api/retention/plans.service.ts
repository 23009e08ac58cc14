import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { RetentionPlanner, RunStarter, type PlanAuthor, type StoredPolicy } from '#retention';
import { Problem } from '../problems/problem.js';
import type { PolicyRequest } from './policies.schema.js';
import { stored } from './policies.service.js';
import { PolicyChecks } from './policy-checks.js';
import type { ApplyRequest, PlanRequestBody, ShownApplied, ShownPlan } from './plans.schema.js';
import { requireReach } from './require-reach.js';
import { ShownPlans } from './shown-plans.js';

/** Makes plans and applies them. */
@Injectable()
export class RetentionPlansService {
  constructor(
    @Inject(RetentionPlanner) private readonly planner: RetentionPlanner,
    @Inject(ShownPlans) private readonly plans: ShownPlans,
    @Inject(RunStarter) private readonly starter: RunStarter,
    @Inject(PolicyChecks) private readonly checks: PolicyChecks,
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
    return this.plans.keep(plan);
  }

  /** @throws Problem `plan_not_found` */
  async find(caller: Principal, id: string): Promise<ShownPlan> {
    requireReach(caller);
    return this.plans.shown(await this.plans.find(caller.tenant, id));
  }

  /** @throws Problem `plan_not_found`, `forbidden`; StartError */
  async apply(
    caller: Principal,
    { plan: id, accept_clock: acceptClock }: ApplyRequest,
  ): Promise<ShownApplied> {
    requireReach(caller);
    if (acceptClock) requireWholeAppliance(caller);
    const plan = await this.plans.find(caller.tenant, id);
    const { planned } = await this.starter.start({ plan, by: authorOf(caller), acceptClock });
    return { job: plan.id, planned };
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
