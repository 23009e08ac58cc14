import type { OnApplicationBootstrap } from '@nestjs/common';
import { AlluviumError } from '#event-model';
import { JobSteps, type InspectableJobQueue, type RunningJob } from '#job-queue';
import {
  RETENTION_JOB,
  stepsOf,
  type Outcome,
  type PlannedUnit,
  type RetentionPlan,
  type RetentionPlans,
  type RetentionRun,
  type RetentionRuns,
  type RunFinisher,
  type UnitOutcome,
} from '#retention';
import type { PlanSteps, UnitFate } from './plan-steps.js';

export interface ApplyPlanJobParts {
  readonly plans: Pick<RetentionPlans, 'find'>;
  readonly runs: Pick<RetentionRuns, 'find' | 'outcomes' | 'keepNewest'>;
  readonly steps: Pick<PlanSteps, 'remove' | 'expire' | 'copy' | 'move'>;
  readonly finisher: Pick<RunFinisher, 'finish'>;
  readonly queue: Pick<InspectableJobQueue, 'process' | 'find'>;
}

/** What a plan's unit is in for. */
type StepKind = 'remove' | 'copy' | 'move';
/** What is done, in this order; `read_back`: the tier is asked what is there of what went. */
const STEPS = ['remove', 'expire', 'copy', 'move', 'read_back'] as const;
const KIND_OF: Readonly<Record<Outcome, StepKind>> = {
  ...{ removed: 'remove', kept: 'remove', copied: 'copy', not_copied: 'copy' },
  ...{ moved: 'move', not_moved: 'move' },
};

/**
 * Applies a plan: removes what it counted, unit by unit, the oldest first, and nothing else; then copies into the archive what
 * is to be there, and lets it answer for what is to be only there. Each unit's fate is written down; a run that was broken
 * off goes on behind them, and one that was cancelled ends with what was done.
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
    const shown = new JobSteps(job, STEPS);
    try {
      await this.#settleAll(job, run, shown);
    } catch (error) {
      if (job.signal.aborted && (await this.#isCancelled(run)))
        await this.parts.finisher.finish(run, 'cancelled');
      throw error;
    }
    await shown.begin('read_back');
    const { removed, kept } = await this.parts.finisher.finish(run, 'done');
    await shown.end(`${removed?.units ?? 0} units removed, ${kept?.units ?? 0} kept`);
  }

  async #settleAll({ signal }: RunningJob, run: RetentionRun, shown: JobSteps): Promise<void> {
    const { plans, runs, steps } = this.parts;
    const plan = (await plans.find(run.tenant, run.id)) ?? missing(run);
    const outcomes = [...(await runs.outcomes(run.tenant, run.id))];
    const settled = new Set(outcomes.map((one) => placeOf(KIND_OF[one.outcome], one)));
    const settle = async <Unit extends PlannedUnit>(
      [step, kind]: readonly [(typeof STEPS)[number], StepKind],
      units: readonly Unit[] = [],
      fateOf: (unit: Unit, doing: (phase: string) => Promise<void>) => Promise<UnitFate>,
    ): Promise<void> => {
      if (units.length > 0) await shown.begin(step);
      for (const [at, unit] of units.entries()) {
        if (settled.has(placeOf(kind, unit))) continue;
        signal.throwIfAborted();
        const about = `${unit.stream} ${unit.day}, ${at + 1} of ${units.length}`;
        await shown.say(about);
        outcomes.push(outcomeOf(unit, await fateOf(unit, (phase) => shown.say(`${about}: ${phase}`))));
        await runs.keepNewest(run, outcomes);
        const whole = { share: outcomes.length / stepsOf(plan), note: noteOf(outcomes, plan) };
        await shown.reach((at + 1) / units.length, whole);
      }
    };
    await settle(['remove', 'remove'], plan.leaving, (unit) => steps.remove(run, unit));
    await settle(['expire', 'remove'], plan.expiring, (unit) => steps.expire(run, unit));
    await settle(['copy', 'copy'], plan.copying, (unit, doing) => steps.copy(run, unit, { signal, doing }));
    await settle(['move', 'move'], plan.moving, (unit) => steps.move(run, unit, signal));
    signal.throwIfAborted();
  }

  /** As against a process that is stopping, whose next start goes on. */
  async #isCancelled({ id }: RetentionRun): Promise<boolean> {
    return (await this.parts.queue.find(RETENTION_JOB, id))?.state === 'cancelled';
  }
}

function outcomeOf(unit: PlannedUnit, fate: UnitFate): UnitOutcome {
  const { stream, tier, day, generation, events, bytes, why, policy } = unit;
  return {
    ...{ stream, tier, day, generation, events, bytes, why, policy },
    ...{ ...fate, at: new Date().toISOString() },
  };
}

type PlaceOfUnit = Pick<UnitOutcome, 'tier' | 'stream' | 'day' | 'generation'>;

/** A unit may leave one tier and stay in another, and be copied before it moves. */
function placeOf(kind: StepKind, { tier, stream, day, generation }: PlaceOfUnit): string {
  return `${kind} ${tier}/${stream}/${day}-${generation}`;
}

function noteOf(outcomes: readonly UnitOutcome[], plan: RetentionPlan): string {
  const { leaving, copying = [], moving = [], expiring = [] } = plan;
  const those = (wanted: Outcome): readonly UnitOutcome[] =>
    outcomes.filter(({ outcome }) => outcome === wanted);
  const removed = those('removed');
  const events = removed.reduce((sum, unit) => sum + unit.events, 0);
  const [copied, moved] = [those('copied').length, those('moved').length];
  return [
    `${removed.length} of ${leaving.length + expiring.length} units removed with ${events} events, ${those('kept').length} kept`,
    ...(copying.length > 0 ? [`${copied} of ${copying.length} copied`] : []),
    ...(moving.length > 0 ? [`${moved} of ${moving.length} moved`] : []),
  ].join('; ');
}

function missing({ id }: RetentionRun): never {
  throw new AlluviumError(`The plan ${id} is gone; make another one.`, {
    ...{ code: 'plan_not_found', retryable: false },
  });
}
