import type { OnApplicationBootstrap } from '@nestjs/common';
import { AlluviumError } from '#event-model';
import type { InspectableJobQueue, RunningJob } from '#job-queue';
import {
  countedOf,
  RETENTION_JOB,
  type ClockGuard,
  type KeptReason,
  type LeavingUnitOfPlan,
  type NotCopiedReason,
  type PlannedUnit,
  type RetentionHolds,
  type RetentionPlan,
  type RetentionPlans,
  type RetentionRun,
  type RetentionRuns,
  type RunFinisher,
  type UnitOutcome,
} from '#retention';
import type { StreamRegistry } from '#storage-tier';
import type { UnitArchiver } from '../archive/unit-archiver.js';
import type { UnitCopies } from '../archive/unit-copies.js';
import type { UnitRemover } from './unit-remover.js';

export interface ApplyPlanJobParts {
  readonly plans: Pick<RetentionPlans, 'find'>;
  readonly runs: Pick<RetentionRuns, 'find' | 'outcomes' | 'keepNewest'>;
  readonly holds: Pick<RetentionHolds, 'keeping'>;
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly remover: Pick<UnitRemover, 'remove'>;
  readonly archiver: Pick<UnitArchiver, 'copy'>;
  readonly copies: Pick<UnitCopies, 'discard'>;
  readonly finisher: Pick<RunFinisher, 'finish'>;
  readonly queue: Pick<InspectableJobQueue, 'process' | 'find'>;
}

/** What a unit's fate is written down from. */
interface Fate {
  readonly outcome: UnitOutcome['outcome'];
  readonly reason?: KeptReason | NotCopiedReason;
  readonly detail?: string;
}

/**
 * Applies a plan: removes what it counted, unit by unit, the oldest first, and nothing else; then copies into the archive what
 * is to be there. Each unit's fate is written down; a run that was broken off goes on behind them, and one that was cancelled ends with what was done.
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
      await this.#settleAll(job, run);
    } catch (error) {
      if (job.signal.aborted && (await this.#isCancelled(run)))
        await this.parts.finisher.finish(run, 'cancelled');
      throw error;
    }
    const { removed, kept } = await this.parts.finisher.finish(run, 'done');
    await job.progress(1, `${removed?.units ?? 0} units removed, ${kept?.units ?? 0} kept`);
  }

  async #settleAll(job: RunningJob, run: RetentionRun): Promise<void> {
    const { plans, runs } = this.parts;
    const plan = (await plans.find(run.tenant, run.id)) ?? missing(run);
    const outcomes = [...(await runs.outcomes(run.tenant, run.id))];
    const settled = new Set(outcomes.map(placeOf));
    const settle = async (unit: PlannedUnit, fateOf: () => Promise<Fate>): Promise<void> => {
      if (settled.has(placeOf(unit))) return;
      job.signal.throwIfAborted();
      outcomes.push(outcomeOf(unit, await fateOf()));
      await runs.keepNewest(run, outcomes);
      await job.progress(outcomes.length / unitsOf(plan), noteOf(outcomes, plan));
    };
    for (const unit of plan.leaving) await settle(unit, () => this.#remove(run, plan, unit));
    for (const unit of plan.copying ?? []) await settle(unit, () => this.#copy(run, unit, job.signal));
    job.signal.throwIfAborted();
  }

  async #copy({ tenant }: RetentionRun, unit: PlannedUnit, signal: AbortSignal): Promise<Fate> {
    const stream = await this.parts.streams.find(tenant, unit.stream);
    if (!stream) return { outcome: 'not_copied', ...streamGone(unit) };
    const { day, generation } = unit;
    const copy = await this.parts.archiver.copy({ stream, day, generation }, signal);
    if (copy.outcome === 'copied') return { outcome: 'copied' };
    return { outcome: 'not_copied', reason: copy.why, detail: copy.detail };
  }

  async #remove(run: RetentionRun, { id }: RetentionPlan, unit: LeavingUnitOfPlan): Promise<Fate> {
    const stream = await this.parts.streams.find(run.tenant, unit.stream);
    if (!stream) return { outcome: 'kept', ...streamGone(unit) };
    let forbidden: Fate | undefined;
    const mayGo = async (): Promise<boolean> => {
      forbidden = await this.#forbidden(run, unit);
      return forbidden === undefined;
    };
    const removal = await this.parts.remover.remove({ stream, unit: countedOf(unit), order: id, mayGo });
    if (removal.outcome === 'removed') {
      // What no policy keeps is not to be kept as a copy either.
      await this.parts.copies.discard(stream, unit);
      return { outcome: 'removed' };
    }
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

function streamGone({ stream }: PlannedUnit): { readonly reason: 'stream_gone'; readonly detail: string } {
  return { reason: 'stream_gone', detail: `There is no stream "${stream}" any more.` };
}

function outcomeOf(unit: PlannedUnit, fate: Fate): UnitOutcome {
  const { stream, tier, day, generation, events, bytes, why, policy } = unit;
  return {
    ...{ stream, tier, day, generation, events, bytes, why, policy },
    ...{ ...fate, at: new Date().toISOString() },
  };
}

type PlaceOfUnit = Pick<UnitOutcome, 'tier' | 'stream' | 'day' | 'generation'>;

/** A unit may leave one tier and stay in another. */
function placeOf({ tier, stream, day, generation }: PlaceOfUnit): string {
  return `${tier}/${stream}/${day}-${generation}`;
}

function unitsOf({ leaving, copying }: RetentionPlan): number {
  return leaving.length + (copying?.length ?? 0);
}

function noteOf(outcomes: readonly UnitOutcome[], { leaving, copying = [] }: RetentionPlan): string {
  const those = (wanted: UnitOutcome['outcome']): readonly UnitOutcome[] =>
    outcomes.filter(({ outcome }) => outcome === wanted);
  const removed = those('removed');
  const events = removed.reduce((sum, unit) => sum + unit.events, 0);
  const note = `${removed.length} of ${leaving.length} units removed with ${events} events, ${those('kept').length} kept`;
  return copying.length === 0 ? note : `${note}; ${those('copied').length} of ${copying.length} copied`;
}

function missing({ id }: RetentionRun): never {
  throw new AlluviumError(`The plan ${id} is gone; make another one.`, {
    ...{ code: 'plan_not_found', retryable: false },
  });
}
