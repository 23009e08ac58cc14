import { isSameUnit, type ArchivedUnit, type ArchivedUnits, type StreamArchive } from '#archived-units';
import type { StreamSpec } from '#plugin-kit';
import {
  countedOf,
  type ClockGuard,
  type KeptReason,
  type LeavingUnitOfPlan,
  type PlannedUnit,
  type RetentionHolds,
  type RetentionRun,
  type UnitOutcome,
} from '#retention';
import type { StreamRegistry } from '#storage-tier';
import type { CopyTask, UnitArchiver } from '../archive/unit-archiver.js';
import type { UnitCopies } from '../archive/unit-copies.js';
import type { UnitMover } from '../archive/unit-mover.js';
import type { UnitRemover } from './unit-remover.js';

export interface PlanStepsParts {
  readonly holds: Pick<RetentionHolds, 'keeping'>;
  readonly clock: Pick<ClockGuard, 'look'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  readonly remover: Pick<UnitRemover, 'remove'>;
  readonly archiver: Pick<UnitArchiver, 'copy'>;
  readonly mover: Pick<UnitMover, 'move' | 'keptBy'>;
  readonly copies: Pick<UnitCopies, 'discard'>;
  readonly archived: Pick<ArchivedUnits, 'now' | 'trash' | 'undelete'>;
  readonly reach: (faultPoint: string) => void;
}

const ANSWERED_SINCE = 'The archive answers for it since it was planned: plan again.';
const GONE_SINCE = 'The archive has not got it any more, or not it alone: plan again.';

/** What a unit's outcome is written down from. */
export type UnitFate = Pick<UnitOutcome, 'outcome' | 'reason' | 'detail' | 'kept_in'>;

/** What a run does with one unit of its plan. Each step may be made again. */
export class PlanSteps {
  constructor(private readonly parts: PlanStepsParts) {}

  /** Out of the first tier: deleted, or since the archive answers for it. */
  async remove(run: RetentionRun, unit: LeavingUnitOfPlan): Promise<UnitFate> {
    const { copies, mover, remover } = this.parts;
    const stream = await this.#streamOf(run, unit);
    if (!stream) return { outcome: 'kept', ...streamGone(unit) };
    const { day, generation, kept_in: keptIn } = unit;
    if (!keptIn && (await this.#isAnswered(run, unit))) return kept('changed', ANSWERED_SINCE);
    const staying = keptIn && (await mover.keptBy({ stream, day, generation }));
    if (staying) return kept(staying.why, staying.detail);
    const { mayGo, why } = this.#permission(run, unit);
    const removal = await remover.remove({ stream, unit: countedOf(unit), order: run.id, mayGo, keptIn });
    if (removal.outcome === 'kept') return why() ?? kept(removal.why, removal.detail);
    if (keptIn) return { outcome: 'removed', kept_in: keptIn };
    // What no policy keeps is not to be kept as a copy either.
    await copies.discard(stream, unit);
    return { outcome: 'removed' };
  }

  /**
   * Out of the archive, which alone had it, into its trash. Asked twice whether it may: a hold that was acknowledged before
   * it was in the trash is heard.
   */
  async expire(run: RetentionRun, unit: PlannedUnit): Promise<UnitFate> {
    const { archived, reach } = this.parts;
    const of = { tenant: run.tenant, stream: unit.stream };
    const { mayGo, why } = this.#permission(run, unit);
    const stays = async (): Promise<UnitFate> => {
      await archived.undelete(of, (one) => isSameUnit(one, unit) && one.order === run.id);
      return why() ?? kept('held', 'A hold keeps it.');
    };
    if (!(await mayGo())) return stays();
    if (!(await this.#isIn(run, unit))) return kept('changed', GONE_SINCE);
    await archived.trash(of, unit, { at: new Date().toISOString(), order: run.id });
    reach('archive.trashed');
    return (await mayGo()) ? { outcome: 'removed' } : stays();
  }

  /** Into the archive. */
  async copy(
    run: RetentionRun,
    unit: PlannedUnit,
    how: Pick<CopyTask, 'signal' | 'doing'>,
  ): Promise<UnitFate> {
    const stream = await this.#streamOf(run, unit);
    if (!stream) return { outcome: 'not_copied', ...streamGone(unit) };
    const { day, generation } = unit;
    // Nothing takes the place of a copy that questions are answered from.
    if (await this.#isAnswered(run, unit)) return { outcome: 'copied' };
    const copy = await this.parts.archiver.copy({
      part: { stream, day, generation },
      tier: unit.tier,
      ...how,
    });
    if (copy.outcome === 'copied') return { outcome: 'copied' };
    return { outcome: 'not_copied', reason: copy.why, detail: copy.detail };
  }

  /** From now on the archive answers for it. */
  async move(run: RetentionRun, unit: PlannedUnit, signal: AbortSignal): Promise<UnitFate> {
    const stream = await this.#streamOf(run, unit);
    if (!stream) return { outcome: 'not_moved', ...streamGone(unit) };
    const { day, generation } = unit;
    const { mayGo, why } = this.#permission(run, unit);
    const moving = await this.parts.mover.move({ part: { stream, day, generation }, mayGo, signal });
    if (moving.outcome === 'moved') return { outcome: 'moved' };
    return { ...(why() ?? { reason: moving.why, detail: moving.detail }), outcome: 'not_moved' };
  }

  /** Whether the archive answers for it by now: the plan may be older than that. */
  async #isAnswered(run: RetentionRun, unit: PlannedUnit): Promise<boolean> {
    const { units } = await this.#archiveOf(run, unit);
    return units.some((one) => isSameUnit(one, unit) && one.state !== 'copied');
  }

  /** Whether the archive alone has it, or this run put it into the trash and was broken off. */
  async #isIn(run: RetentionRun, unit: PlannedUnit): Promise<boolean> {
    const { units, trash = [] } = await this.#archiveOf(run, unit);
    // One that was merged since has events that the plan didn't count.
    const isPlanned = (one: ArchivedUnit): boolean => isSameUnit(one, unit) && one.events === unit.events;
    const isThere = units.some((one) => isPlanned(one) && one.state === 'evicted');
    return isThere || trash.some((one) => isSameUnit(one, unit) && one.order === run.id);
  }

  #archiveOf({ tenant }: RetentionRun, { stream }: PlannedUnit): Promise<StreamArchive> {
    return this.parts.archived.now({ tenant, stream });
  }

  #streamOf(
    { tenant }: RetentionRun,
    { stream }: Pick<PlannedUnit, 'stream'>,
  ): Promise<StreamSpec | undefined> {
    return this.parts.streams.find(tenant, stream);
  }

  /** Whether a unit may go when it is asked for, and then why not. */
  #permission(
    run: RetentionRun,
    unit: PlannedUnit,
  ): { readonly mayGo: () => Promise<boolean>; readonly why: () => UnitFate | undefined } {
    let forbidden: UnitFate | undefined;
    const mayGo = async (): Promise<boolean> => {
      forbidden = await this.#forbidden(run, unit);
      return forbidden === undefined;
    };
    return { mayGo, why: () => forbidden };
  }

  /** Looked at again for each unit: a hold that came meanwhile counts, and so does a clock that was set. */
  async #forbidden({ tenant, by }: RetentionRun, unit: PlannedUnit): Promise<UnitFate | undefined> {
    const holds = await this.parts.holds.keeping(tenant, unit);
    if (holds.length > 0)
      return kept('held', `Held: ${holds.map(({ id, reason }) => `${id} (${reason})`).join(', ')}.`);
    const { state, detail } = await this.parts.clock.look();
    const mayGo = state === 'trusted' || (by.kind === 'key' && state === 'settling');
    return mayGo ? undefined : kept('clock', detail ?? 'The clock is not trusted.');
  }
}

function kept(reason: KeptReason, detail: string): UnitFate {
  return { outcome: 'kept', reason, detail };
}

function streamGone({ stream }: PlannedUnit): { readonly reason: 'stream_gone'; readonly detail: string } {
  return { reason: 'stream_gone', detail: `There is no stream "${stream}" any more.` };
}
