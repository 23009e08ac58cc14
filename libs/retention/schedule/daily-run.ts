import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';
import type { ClockReading } from '../clock/clock-guard.js';
import type { RetentionPlanner } from '../plans/retention-planner.js';
import type { RetentionPlans } from '../plans/retention-plans.js';
import type { RetentionRuns } from '../runs/retention-runs.js';
import type { RunStarter } from '../runs/run-starter.js';
import { lastTime, type DailyTime } from './daily-time.js';

const COLLECTION = 'retention-schedule';
const ID = 'daily';

/** The last time of day whose run was begun: milliseconds since the epoch. */
interface Begun {
  readonly time: number;
}

export interface DailyRunParts {
  readonly catalogue: Pick<Catalogue, 'read' | 'write'>;
  readonly planner: Pick<RetentionPlanner, 'plan'>;
  readonly plans: Pick<RetentionPlans, 'keep' | 'expire'>;
  readonly runs: Pick<RetentionRuns, 'tenants' | 'unfinished'>;
  readonly starter: Pick<RunStarter, 'start'>;
  /** When; undefined: never. */
  readonly daily: () => DailyTime | undefined;
  readonly logger: Pick<Logger, 'error' | 'info'>;
}

/**
 * Plans and applies the policies of each tenant that a first plan was applied of, once a day. A time that passed while the
 * process was down, or while the clock wasn't trusted, is caught up on.
 */
export class DailyRun {
  constructor(private readonly parts: DailyRunParts) {}

  async runIfDue({ now, state }: ClockReading): Promise<void> {
    const daily = this.parts.daily();
    if (!daily) return;
    const time = lastTime(daily, now);
    const begun = await this.parts.catalogue.read<Begun>(COLLECTION, ID);
    if (begun && begun.value.time >= time) return;
    // The first start waits for the next time.
    if (begun && state !== 'trusted') return;
    if (begun) await this.#runAll(now);
    await this.parts.catalogue.write([{ collection: COLLECTION, id: ID, value: { time } satisfies Begun }]);
  }

  async #runAll(now: number): Promise<void> {
    const { runs, plans, logger } = this.parts;
    await plans.expire(now);
    const busy = new Set((await runs.unfinished()).map(({ tenant }) => tenant));
    for (const tenant of (await runs.tenants()).filter((name) => !busy.has(name)))
      await this.#run(tenant).catch((error: unknown) =>
        logger.error({ err: error, tenant }, 'retention was not planned today: the next run catches up'),
      );
  }

  async #run(tenant: string): Promise<void> {
    const { planner, plans, starter, logger } = this.parts;
    const by = { kind: 'schedule' } as const;
    const plan = await planner.plan({ tenant, by });
    if (plan.leaving.length === 0) return;
    await plans.keep(plan);
    const { planned } = await starter.start({ plan, by });
    logger.info({ tenant, plan: plan.id, ...planned }, 'retention: a run begins');
  }
}
