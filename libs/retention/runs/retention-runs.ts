import type { Catalogue } from '#catalogue';
import type { RetentionRun, UnitOutcome } from './retention-run.js';

const RUNS = 'retention-runs';
const OUTCOMES = 'retention-run-units';
const TENANTS = 'retention-tenants';
/** Outcomes in one document. */
const OUTCOMES_AT_ONCE = 100;
const PAGE = 1_000;

/** Since when a tenant's events are deleted by policy. */
interface FirstPlan {
  readonly plan: string;
  /** RFC 3339. */
  readonly applied_at: string;
}

/** What was deleted, when, by which plan and whom: kept as proof, for as long as the audit record is. Ids of plans rise with time. */
export class RetentionRuns {
  constructor(private readonly catalogue: Catalogue) {}

  async find(tenant: string, id: string): Promise<RetentionRun | undefined> {
    return (await this.catalogue.read<RetentionRun>(RUNS, `${tenant}/${id}`))?.value;
  }

  /** Of a tenant, the newest first. */
  async list(tenant: string): Promise<readonly RetentionRun[]> {
    return (await this.#scan<RetentionRun>(RUNS, `${tenant}/`)).toReversed();
  }

  /** Those of all tenants that have not ended. */
  async unfinished(): Promise<readonly RetentionRun[]> {
    return (await this.#scan<RetentionRun>(RUNS)).filter(({ state }) => state === 'running');
  }

  /** Begins it, where it hasn't begun; and says that the tenant's events are deleted by policy from now on. */
  async begin(run: RetentionRun): Promise<void> {
    const first: FirstPlan = { plan: run.id, applied_at: run.begun_at };
    await this.catalogue.write([
      { collection: RUNS, id: `${run.tenant}/${run.id}`, value: run, ifVersion: 0 },
      { collection: TENANTS, id: run.tenant, value: first, ifVersion: 0 },
    ]);
  }

  /** Writes how a run has ended. */
  async end(run: RetentionRun): Promise<void> {
    await this.catalogue.write([{ collection: RUNS, id: `${run.tenant}/${run.id}`, value: run }]);
  }

  /**
   * Forgets runs that began before a moment and have ended, with what became of their units.
   *
   * @param before RFC 3339, in UTC
   * @returns how many
   */
  async expire(before: string): Promise<number> {
    const all = await this.#scan<RetentionRun>(RUNS);
    const old = all.filter(({ state, begun_at: begun }) => state !== 'running' && begun < before);
    for (const { tenant, id } of old) {
      const run = `${tenant}/${id}`;
      const outcomes = await this.catalogue.scan(OUTCOMES, {
        prefix: `${run}/`,
        limit: Number.MAX_SAFE_INTEGER,
      });
      await this.catalogue.write([
        ...outcomes.map((page) => ({ collection: OUTCOMES, id: page.id, value: undefined })),
        { collection: RUNS, id: run, value: undefined },
      ]);
    }
    return old.length;
  }

  /** When a first plan of the tenant was applied, RFC 3339; undefined where none was. */
  async firstAppliedAt(tenant: string): Promise<string | undefined> {
    return (await this.catalogue.read<FirstPlan>(TENANTS, tenant))?.value.applied_at;
  }

  /** Tenants of which a plan was applied. */
  async tenants(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan(TENANTS, {
        limit: PAGE,
        ...(after !== undefined && { after }),
      });
      ids.push(...page.map(({ id }) => id));
      after = page.at(-1)?.id;
      if (after === undefined) return ids;
    }
  }

  /** What became of the units so far, in the order in which it did. */
  async outcomes(tenant: string, id: string): Promise<readonly UnitOutcome[]> {
    return (await this.#scan<readonly UnitOutcome[]>(OUTCOMES, `${tenant}/${id}/`)).flat();
  }

  /** Writes the outcomes of a run that are the newest; the earlier ones are there already. One caller at a time. */
  async keepNewest(run: Pick<RetentionRun, 'tenant' | 'id'>, all: readonly UnitOutcome[]): Promise<void> {
    const page = Math.floor(Math.max(0, all.length - 1) / OUTCOMES_AT_ONCE);
    const id = `${run.tenant}/${run.id}/${String(page).padStart(6, '0')}`;
    const value = all.slice(page * OUTCOMES_AT_ONCE);
    await this.catalogue.write([{ collection: OUTCOMES, id, value }]);
  }

  async #scan<T>(collection: string, prefix?: string): Promise<T[]> {
    const values: T[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.catalogue.scan<T>(collection, {
        limit: PAGE,
        ...(prefix !== undefined && { prefix }),
        ...(after !== undefined && { after }),
      });
      values.push(...page.map(({ value }) => value));
      after = page.at(-1)?.id;
      if (after === undefined) return values;
    }
  }
}
