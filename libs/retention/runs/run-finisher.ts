import { changedFields, type AuditRecord } from '#audit';
import type { RetainingTier, StreamPart } from '#plugin-kit';
import { FIRST_TIER } from '#retention-policy';
import type { StreamRegistry } from '#storage-tier';
import type { LeavingUnitOfPlan, PlanAuthor } from '../plans/retention-plan.js';
import type { RetentionPlans } from '../plans/retention-plans.js';
import {
  countOutcomes,
  type ReadBack,
  type RetentionRun,
  type RunState,
  type UnitOutcome,
} from './retention-run.js';
import type { RetentionRuns } from './retention-runs.js';

export interface RunFinisherParts {
  readonly tier: () => Pick<RetainingTier, 'storedUnits' | 'countUnit'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly plans: Pick<RetentionPlans, 'find'>;
  readonly runs: Pick<RetentionRuns, 'outcomes' | 'end'>;
  readonly audit: Pick<AuditRecord, 'append'>;
  /** Forgets what removals of an order keep of themselves: the run has it now. */
  readonly forget: (tenant: string, order: string) => Promise<void>;
  /** Milliseconds since the epoch. Default: the machine's clock. */
  readonly now?: () => number;
}

/** Ends runs: reads back what is there, writes down what came of it, and records it. */
export class RunFinisher {
  constructor(private readonly parts: RunFinisherParts) {}

  /** @throws TierError */
  async finish(
    run: RetentionRun,
    state: Exclude<RunState, 'running'>,
    error?: string,
  ): Promise<RetentionRun> {
    const { runs, forget } = this.parts;
    const outcomes = await runs.outcomes(run.tenant, run.id);
    const those = (wanted: UnitOutcome['outcome']): readonly UnitOutcome[] =>
      outcomes.filter(({ outcome }) => outcome === wanted);
    const [removed, copied, notCopied] = [those('removed'), those('copied'), those('not_copied')];
    const [moved, notMoved] = [those('moved'), those('not_moved')];
    const at = new Date((this.parts.now ?? Date.now)()).toISOString();
    const ended: RetentionRun = {
      ...{ ...run, state, ended_at: at },
      removed: countOutcomes(removed),
      kept: countOutcomes(those('kept')),
      ...(copied.length + notCopied.length > 0 && {
        ...{ copied: countOutcomes(copied), not_copied: countOutcomes(notCopied) },
      }),
      ...(moved.length + notMoved.length > 0 && {
        ...{ moved: countOutcomes(moved), not_moved: countOutcomes(notMoved) },
      }),
      read_back: {
        at,
        ...(await this.#readBack(
          run,
          removed.filter(({ tier }) => tier === FIRST_TIER),
        )),
      },
      ...(error !== undefined && { error }),
    };
    await this.#record(ended);
    await runs.end(ended);
    await forget(run.tenant, run.id);
    return ended;
  }

  async #readBack(
    { tenant, id }: RetentionRun,
    removed: readonly UnitOutcome[],
  ): Promise<Omit<ReadBack, 'at'>> {
    const plan = await this.parts.plans.find(tenant, id);
    const planned = new Map((plan?.leaving ?? []).map((unit) => [placeOf(unit), unit]));
    const found = { gone: 0, with_later_events: 0, wrong: 0 };
    const there = new Map<string, ReadonlySet<string>>();
    for (const unit of removed) {
      const places = there.get(unit.stream) ?? (await this.#placesOf(tenant, unit.stream));
      there.set(unit.stream, places);
      const counted = planned.get(placeOf(unit));
      if (!places.has(placeOf(unit))) found.gone += 1;
      else if (counted && !(await this.#isThere(tenant, counted))) found.with_later_events += 1;
      else found.wrong += 1;
    }
    return found;
  }

  async #placesOf(tenant: string, name: string): Promise<ReadonlySet<string>> {
    const stream = await this.parts.streams.find(tenant, name);
    const units = stream ? await this.parts.tier().storedUnits(stream) : [];
    return new Set(units.map(({ day, generation }) => placeOf({ stream: name, day, generation })));
  }

  /** Whether any of the counted events is there. */
  async #isThere(tenant: string, unit: LeavingUnitOfPlan): Promise<boolean> {
    const stream = await this.parts.streams.find(tenant, unit.stream);
    const { day, generation, through } = unit;
    const part: StreamPart | undefined = stream && { stream, day, generation };
    return part !== undefined && (await this.parts.tier().countUnit(part, through)) !== undefined;
  }

  #record({ by, tenant, id, state, planned, ...came }: RetentionRun): Promise<unknown> {
    const { removed, kept, copied, not_copied, moved, not_moved, read_back } = came;
    return this.parts.audit.append({
      ...{ actor: actorOf(by), tenant, action: 'retention.run', object: id },
      outcome: state === 'failed' ? 'failed' : 'done',
      changes: changedFields(undefined, {
        ...{ ...reasonOf(by), state, planned, removed, kept },
        ...{ copied, not_copied, moved, not_moved, read_back },
      }),
    });
  }
}

/** Why it ran, where that was neither an admin's will nor its time. */
function reasonOf(by: PlanAuthor): Readonly<Record<string, unknown>> {
  if (by.kind !== 'emergency') return {};
  return { reason: 'disk_emergency', disk: by.places, used_percent: by.used_percent };
}

function actorOf(by: PlanAuthor): Parameters<AuditRecord['append']>[0]['actor'] {
  return by.kind === 'key' ? { kind: 'key', id: by.key_id, name: by.key_name } : { kind: 'appliance' };
}

function placeOf({ stream, day, generation }: Pick<UnitOutcome, 'stream' | 'day' | 'generation'>): string {
  return `${stream}/${day}-${generation}`;
}
