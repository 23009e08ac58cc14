import type { OnApplicationBootstrap } from '@nestjs/common';
import { AlluviumError } from '#event-model';
import type { InspectableJobQueue, RunningJob } from '#job-queue';
import {
  countedOf,
  RETENTION_JOB,
  type ClockGuard,
  type KeptReason,
  type LeavingUnitOfPlan,
  type RetentionHolds,
  type RetentionPlan,
  type RetentionPlans,
  type RetentionRun,
  type RetentionRuns,
  type RunFinisher,
  type UnitOutcome,
} from '#retention';
import type { StreamRegistry } from '#storage-tier';
import type { UnitRemover } from './unit-remover.js';

export interface ApplyPlanJobParts {
  readonly plans: Pick<RetentionPlans, 'find'>;
  readonly runs: Pick<RetentionRuns, 'find' | 'outcomes' | 'keepNewest'>;
  readonly holds: Pick<RetentionHolds, 'keeping'>;
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly remover: Pick<UnitRemover, 'remove'>;
  readonly finisher: Pick<RunFinisher, 'finish'>;
  readonly queue: Pick<InspectableJobQueue, 'process' | 'find'>;
}

/** What a unit's fate is written down from. */
interface Fate {
  readonly outcome: 'removed' | 'kept';
  readonly reason?: KeptReason;
  readonly detail?: string;
}

/**
 * Applies a plan: removes what it counted, unit by unit, the oldest first, and nothing else. Each unit's fate is written down;
 * a run that was broken off goes on behind them, and one that was cancelled ends with what was done.
 */
export class ApplyPlanJob implements OnApplicationBootstrap {
  constructor(private readonly parts: ApplyPlanJobParts) {}

  /** One run at a time, whosever it is. */
  onApplicationBootstrap(): void {
    this.parts.queue.process(RETENTION_JOB, (job) => this.run(job));
  }

  async run(job: RunningJob): Promise<void> {
    const tenant = String(job.payload['tenant']);
    const run = await this.parts.runs.find(tenant, String(job.payload['plan']));
    if (!run || run.ended_at !== undefined) return;
    try {
      await this.#removeAll(job, run);
    } catch (error) {
      if (job.signal.aborted && (await this.#isCancelled(run)))
        await this.parts.finisher.finish(run, 'cancelled');
      throw error;
    }
    const { removed, kept } = await this.parts.finisher.finish(run, 'done');
    await job.progress(1, `${removed?.units ?? 0} units removed, ${kept?.units ?? 0} kept`);
  }

  async #removeAll(job: RunningJob, run: RetentionRun): Promise<void> {
    const { plans, runs } = this.parts;
    const plan = (await plans.find(run.tenant, run.id)) ?? missing(run);
    const outcomes = [...(await runs.outcomes(run.tenant, run.id))];
    const settled = new Set(outcomes.map(placeOf));
    for (const unit of plan.leaving) {
      if (settled.has(placeOf(unit))) continue;
      job.signal.throwIfAborted();
      const fate = await this.#fateOf(run, plan, unit);
      outcomes.push(outcomeOf(unit, fate));
      await runs.keepNewest(run, outcomes);
      await job.progress(outcomes.length / plan.leaving.length, noteOf(outcomes, plan));
    }
    job.signal.throwIfAborted();
  }

  async #fateOf(run: RetentionRun, { id }: RetentionPlan, unit: LeavingUnitOfPlan): Promise<Fate> {
    const stream = await this.parts.streams.find(run.tenant, unit.stream);
    if (!stream) return kept('stream_gone', `There is no stream "${unit.stream}" any more.`);
    let forbidden: Fate | undefined;
    const mayGo = async (): Promise<boolean> => {
      forbidden = await this.#forbidden(run, unit);
      return forbidden === undefined;
    };
    const removal = await this.parts.remover.remove({ stream, unit: countedOf(unit), order: id, mayGo });
    if (removal.outcome === 'removed') return { outcome: 'removed' };
    return forbidden ?? kept(removal.why, removal.detail);
  }

  /** Looked at again for each unit: a hold that came meanwhile counts, and so does a clock that was set. */
  async #forbidden({ tenant, by }: RetentionRun, unit: LeavingUnitOfPlan): Promise<Fate | undefined> {
    const holds = await this.parts.holds.keeping(tenant, unit);
    if (holds.length > 0)
      return kept('held', `Held: ${holds.map(({ id, reason }) => `${id} (${reason})`).join(', ')}.`);
    const { state, detail } = await this.parts.clock.look();
    const mayGo = state === 'trusted' || (by.kind === 'key' && state === 'settling');
    return mayGo ? undefined : kept('clock', detail ?? 'The clock is not trusted.');
  }

  /** As against a process that is stopping, whose next start goes on. */
  async #isCancelled({ id }: RetentionRun): Promise<boolean> {
    return (await this.parts.queue.find(RETENTION_JOB, id))?.state === 'cancelled';
  }
}

function kept(reason: KeptReason, detail: string): Fate {
  return { outcome: 'kept', reason, detail };
}

function outcomeOf(unit: LeavingUnitOfPlan, fate: Fate): UnitOutcome {
  const { stream, tier, day, generation, events, bytes, why, policy } = unit;
  return {
    ...{ stream, tier, day, generation, events, bytes, why, policy },
    ...{ ...fate, at: new Date().toISOString() },
  };
}

function placeOf({ stream, day, generation }: Pick<UnitOutcome, 'stream' | 'day' | 'generation'>): string {
  return `${stream}/${day}-${generation}`;
}

function noteOf(outcomes: readonly UnitOutcome[], { leaving }: RetentionPlan): string {
  const removed = outcomes.filter(({ outcome }) => outcome === 'removed');
  const events = removed.reduce((sum, unit) => sum + unit.events, 0);
  return `${removed.length} of ${leaving.length} units removed with ${events} events, ${outcomes.length - removed.length} kept`;
}

function missing({ id }: RetentionRun): never {
  throw new AlluviumError(`The plan ${id} is gone; make another one.`, {
    ...{ code: 'plan_not_found', retryable: false },
  });
}
