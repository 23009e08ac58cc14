import type { Logger } from 'pino';
import { stepsOf } from '../plans/retention-plan.js';
import type { PlanRequest, RetentionPlanner } from '../plans/retention-planner.js';
import type { RetentionPlans } from '../plans/retention-plans.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import type { RunStarter } from '../runs/run-starter.js';

export interface TenantRunsParts {
  readonly planner: Pick<RetentionPlanner, 'plan'>;
  readonly plans: Pick<RetentionPlans, 'keep' | 'expire'>;
  readonly runs: Pick<RetentionRuns, 'tenants' | 'unfinished'>;
  readonly starter: Pick<RunStarter, 'start'>;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/** Who asks, and of which policies. */
export type RunRequest = Pick<PlanRequest, 'by' | 'follows'>;

/** Plans and applies the policies of each tenant that a first plan was applied of, and that has no run under way. */
export class TenantRuns {
  constructor(private readonly parts: TenantRunsParts) {}

  /** @param now milliseconds since the epoch */
  async begin(now: number, request: RunRequest): Promise<void> {
    const { runs, plans } = this.parts;
    await plans.expire(now);
    const busy = new Set((await runs.unfinished()).map(({ tenant }) => tenant));
    for (const tenant of (await runs.tenants()).filter((name) => !busy.has(name)))
      await this.beginOf(tenant, request);
  }

  /**
   * Of one tenant, which has no run under way; what fails is told in the log.
   *
   * @returns whether it went through: a run was begun, or there is nothing to do
   */
  async beginOf(tenant: string, request: RunRequest): Promise<boolean> {
    try {
      await this.#run(tenant, request);
      return true;
    } catch (error) {
      this.parts.logger.error({ err: error, tenant }, 'retention was not planned: the next run catches up');
      return false;
    }
  }

  async #run(tenant: string, request: RunRequest): Promise<void> {
    const { planner, plans, starter, logger } = this.parts;
    const { by } = request;
    const plan = await planner.plan({ tenant, ...request });
    if (stepsOf(plan) === 0) return;
    await plans.keep(plan);
    const { planned } = await starter.start({ plan, by });
    logger.info({ tenant, plan: plan.id, ...planned }, 'retention: a run begins');
  }
}
