import type { ArchivedUnits } from '#archived-units';
import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { LedgerCount, LedgerMoves, LedgerWriter } from '#ledger';
import type { RetainingTier, RollUpTier, StreamPart, StreamSpec } from '#plugin-kit';
import type { CopiesDue, UnitRemoval, UnitRemovals } from '#storage-tier';

/** Repeats of a write that another write was faster than. */
const MOST_CONFLICTS = 10;

export interface RemovalSettlerParts {
  readonly tier: () => RetainingTier & Pick<RollUpTier, 'rebuildRollUps'>;
  readonly catalogue: Pick<Catalogue, 'write'>;
  readonly removals: UnitRemovals;
  readonly ledger: Pick<LedgerWriter, 'changesFor'>;
  readonly moves: Pick<LedgerMoves, 'closeRemoval' | 'foldedThrough'>;
  readonly archived: Pick<ArchivedUnits, 'evict'>;
  /** What is to be taken out of the other store, too. */
  readonly due: Pick<CopiesDue, 'changesForDay'>;
  readonly reach: (faultPoint: string) => void;
}

/**
 * Brings a stream's removal to its end, as often as it takes: events → roll-ups → accounts. To be called while nothing is
 * written to the stream: before its writer begins, or while that rests.
 */
export class RemovalSettler {
  constructor(private readonly parts: RemovalSettlerParts) {}

  /** Ends what an earlier process, or a failure, left; one that was only asked for is given up. */
  async settle(stream: StreamSpec): Promise<void> {
    const left = await this.parts.removals.find(stream.tenant, stream.name);
    if (!left) return;
    if (left.value.phase === 'asked') await this.giveUp(left.value);
    else await this.finish(stream, left.value);
  }

  /** Nothing of it was removed. */
  async giveUp(removal: UnitRemoval): Promise<void> {
    await this.#end(removal, false);
  }

  async finish(stream: StreamSpec, removal: UnitRemoval): Promise<void> {
    const { tier, moves, removals, reach } = this.parts;
    const part: StreamPart = { stream, day: removal.day, generation: removal.generation };
    await tier().removeUnit(part, removal.through);
    const due = this.parts.due.changesForDay(stream, removal.day);
    if (due.length > 0) await this.parts.catalogue.write(due);
    reach('retention.removed');
    await tier().rebuildRollUps(stream, removal.day);
    reach('retention.rolled-up');
    // Decided once, durably: every repeat writes to the same places.
    const foldedThrough = removal.foldedThrough ?? (await moves.foldedThrough(removal.tenant));
    const placed: UnitRemoval = { ...removal, foldedThrough };
    await removals.keep(placed);
    reach('retention.before-account');
    await this.#account(placed);
    reach('retention.accounted');
    if (placed.kept_in !== undefined) await this.#evict(placed);
    await this.#end(placed, true);
  }

  async #account(removal: UnitRemoval): Promise<void> {
    const { catalogue, ledger, removals } = this.parts;
    const counts = (await removals.counts(removal)).map((count) => countOf(removal, count));
    for (let n = 0; n < MOST_CONFLICTS; n += 1) {
      const outcomes = await catalogue.write(
        await ledger.changesFor(removal.batch, counts, removal.foldedThrough),
      );
      if (outcomes.every(({ kind }) => kind === 'written')) return;
    }
    throw new AlluviumError(
      `The ledger of ${removal.stream} is written by another process all the time: it is tried again.`,
      { code: 'stream_busy', retryable: true },
    );
  }

  #evict({ tenant, stream, day, generation }: UnitRemoval): Promise<void> {
    return this.parts.archived.evict({ tenant, stream }, { day, generation }, new Date().toISOString());
  }

  async #end(removal: UnitRemoval, isDone: boolean): Promise<void> {
    const { catalogue, moves, removals } = this.parts;
    const close = moves.closeRemoval(removal.tenant, removal.stream);
    await catalogue.write(removals.changesToEnd(removal, isDone, close));
  }
}

function countOf(
  { tenant, stream, kept_in }: UnitRemoval,
  { source, minute, events }: { readonly source: string; readonly minute: number; readonly events: number },
): LedgerCount {
  const nothing = { stored: 0, quarantined: 0, deduplicated: 0, dropped: 0 };
  const left = kept_in !== undefined ? { archived: events } : { expired: events };
  return { tenant, stream, source, minute, ...nothing, ...left };
}
