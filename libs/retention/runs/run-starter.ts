import { AlluviumError } from '#event-model';
import type { JobQueue } from '#job-queue';
import type { ClockGuard } from '../clock/clock-guard.js';
import type { PlanAuthor, RetentionPlan } from '../plans/retention-plan.js';
import type { PolicyAuthor } from '../policies/policy.js';
import type { RetentionPolicies } from '../policies/retention-policies.js';
import { countOutcomes, RETENTION_JOB, type RetentionRun } from './retention-run.js';
import type { RetentionRuns } from './retention-runs.js';

/** Tries of a job: a stream may be busy for a while. */
const ATTEMPTS = 30;
/** Who the policies of a plan are by, where the schedule applied it: it proposes none. */
const NOBODY: PolicyAuthor = { key_id: '', key_name: '' };

export type StartErrorCode = 'plan_expired' | 'plan_stale' | 'plan_applied' | 'clock_in_doubt';

/** A plan can't be applied. */
export class StartError extends AlluviumError {
  constructor(code: StartErrorCode, message: string) {
    super(message, { code, retryable: false, logLevel: 'info' });
  }
}

export interface RunStarterParts {
  readonly policies: Pick<RetentionPolicies, 'read' | 'change'>;
  readonly runs: Pick<RetentionRuns, 'find' | 'begin'>;
  readonly clock: Pick<ClockGuard, 'look' | 'accept'>;
  readonly queue: Pick<JobQueue, 'add'>;
}

export interface StartRequest {
  readonly plan: RetentionPlan;
  readonly by: PlanAuthor;
  /** An admin says that the clock is right. */
  readonly acceptClock?: boolean | undefined;
}

/** Applies plans: saves what they propose, writes down that a run begins, and begins its job. Each step may be repeated. */
export class RunStarter {
  constructor(private readonly parts: RunStarterParts) {}

  /** @throws StartError */
  async start({ plan, by, acceptClock = false }: StartRequest): Promise<RetentionRun> {
    const known = await this.parts.runs.find(plan.tenant, plan.id);
    if (known?.ended_at !== undefined)
      throw new StartError('plan_applied', `The plan was applied; its run ended at ${known.ended_at}.`);
    const run = known ?? (await this.#begin({ plan, by, acceptClock }));
    await this.queueJob(run);
    return run;
  }

  /** Begins the job of a run, where it isn't there. */
  async queueJob({ id, tenant }: RetentionRun): Promise<void> {
    await this.parts.queue.add({
      ...{ kind: RETENTION_JOB, id, attempts: ATTEMPTS },
      payload: { tenant, plan: id },
    });
  }

  async #begin({ plan, by, acceptClock }: StartRequest): Promise<RetentionRun> {
    const now = await this.#trustedNow(by, acceptClock);
    if (Date.parse(plan.expires_at) <= now)
      throw new StartError('plan_expired', `The plan expired at ${plan.expires_at}.`);
    await this.#savePolicies(plan, by, now);
    const run: RetentionRun = {
      ...{ id: plan.id, tenant: plan.tenant, by, state: 'running' },
      begun_at: new Date(now).toISOString(),
      planned: countOutcomes(plan.leaving),
    };
    await this.parts.runs.begin(run);
    return run;
  }

  /** What nobody asks for needs a clock that is trusted; an admin may say that it is right. */
  async #trustedNow({ kind }: PlanAuthor, acceptClock: boolean | undefined): Promise<number> {
    const reading = acceptClock === true ? await this.parts.clock.accept() : await this.parts.clock.look();
    if (reading.state === 'doubted' || (kind !== 'key' && reading.state !== 'trusted'))
      throw new StartError('clock_in_doubt', reading.detail ?? 'The clock is not trusted yet.');
    return reading.now;
  }

  async #savePolicies(plan: RetentionPlan, by: PlanAuthor, now: number): Promise<void> {
    const { tenant, id, proposed, policies_version: version } = plan;
    const book = await this.parts.policies.read(tenant);
    if (proposed && book.plan === id) return;
    if (book.version !== version)
      throw new StartError(
        'plan_stale',
        `The policies have version ${book.version} now, and the plan is of version ${version}.`,
      );
    if (!proposed) return;
    const author = by.kind === 'key' ? { key_id: by.key_id, key_name: by.key_name } : NOBODY;
    const change = { by: author, at: new Date(now).toISOString(), plan: id, ifVersion: version };
    await this.parts.policies.change(tenant, () => proposed, change).catch(staleOrThrow);
  }
}

function staleOrThrow(error: unknown): never {
  if (error instanceof AlluviumError && error.code === 'policies_conflict')
    throw new StartError('plan_stale', error.message);
  throw error;
}
