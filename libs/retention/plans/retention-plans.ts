import type { Catalogue } from '#catalogue';
import { RetentionRuns } from '../runs/retention-runs.js';
import type { RetentionPlan } from './retention-plan.js';

const PLANS = 'retention-plans';
/** How long a plan is kept behind the time at which it may be applied: milliseconds. */
const KEPT_MS = 30 * 86_400_000;
const PAGE = 100;

/** Most plans of a tenant that nobody applied: who only reads may make them, too. */
export const MAX_PLANS = 50;

/** The plans that were made, each as long as it may be applied and a month more; of those that nobody applied the newest. */
export class RetentionPlans {
  readonly #runs: Pick<RetentionRuns, 'find'>;

  constructor(private readonly catalogue: Catalogue) {
    this.#runs = new RetentionRuns(catalogue);
  }

  /** Forgets the oldest of the tenant's where there are too many. */
  async keep(plan: RetentionPlan): Promise<void> {
    await this.catalogue.write([{ collection: PLANS, id: `${plan.tenant}/${plan.id}`, value: plan }]);
    const unapplied: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<RetentionPlan>(PLANS, {
        ...{ prefix: `${plan.tenant}/`, limit: PAGE },
        ...(after !== undefined && { after }),
      });
      for (const { id, value } of page)
        if (!(await this.#runs.find(value.tenant, value.id))) unapplied.push(id);
      after = page.at(-1)?.id;
      if (after === undefined) break;
    }
    // Their ids rise with time.
    const old = unapplied.slice(0, -MAX_PLANS);
    await this.catalogue.write(old.map((id) => ({ collection: PLANS, id, value: undefined })));
  }

  async find(tenant: string, id: string): Promise<RetentionPlan | undefined> {
    return (await this.catalogue.read<RetentionPlan>(PLANS, `${tenant}/${id}`))?.value;
  }

  /** Forgets old ones. @returns how many */
  async expire(nowMs: number): Promise<number> {
    let forgotten = 0;
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<RetentionPlan>(PLANS, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      const old = page.filter(({ value }) => Date.parse(value.expires_at) + KEPT_MS < nowMs);
      await this.catalogue.write(old.map(({ id }) => ({ collection: PLANS, id, value: undefined })));
      forgotten += old.length;
      after = page.at(-1)?.id;
      if (after === undefined) return forgotten;
    }
  }
}
