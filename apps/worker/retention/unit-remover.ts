import { randomUUID } from 'node:crypto';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Catalogue } from '#catalogue';
import { AlluviumError } from '#event-model';
import type { LedgerMoves } from '#ledger';
import type { CountedUnit, RetainingTier, SourceMinuteCount, StreamPart, StreamSpec } from '#plugin-kit';
import type { StreamRegistry, UnitPlace, UnitRemoval, UnitRemovals } from '#storage-tier';
import { pause } from '../writers/pause.js';
import { streamBusy } from '../writers/stream-busy.js';
import type { WriterPool } from '../writers/writer-pool.js';
import type { RemovalSettler } from './removal-settler.js';

/** Before a removal that failed in its middle is gone on with: milliseconds. */
const AGAIN_AFTER_MS = 1_000;

export interface UnitRemoverParts {
  readonly tier: () => Pick<RetainingTier, 'countUnit' | 'countUnitByMinute'>;
  readonly catalogue: Pick<Catalogue, 'write'>;
  readonly removals: UnitRemovals;
  readonly settler: Pick<RemovalSettler, 'settle' | 'giveUp' | 'finish'>;
  readonly moves: Pick<LedgerMoves, 'openRemoval'>;
  readonly writers: Pick<WriterPool, 'exclusively' | 'isAtRest'>;
  readonly streams: Pick<StreamRegistry, 'find'>;
  /** Resolves when it is this process's turn to change tables. Absent: it always is. */
  readonly turn?: Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly reach: (faultPoint: string) => void;
}

/** Events of a day that are to go. */
export interface RemovalTask {
  readonly stream: StreamSpec;
  /** As they were counted when it was decided. */
  readonly unit: CountedUnit;
  /** Whose decision: a plan's id, without a slash. A unit is removed once for an order. */
  readonly order: string;
  /** Where its events are from then on: the tier that answers for them already. Absent where they are deleted. */
  readonly keptIn?: string | undefined;
  /**
   * Asked when the removal is written down and nothing is removed yet: who forbids it from then on may find it among those
   * under way, and whoever forbade it before is heard here.
   */
  readonly mayGo: () => Promise<boolean>;
}

/**
 * `removed`: the counted events are gone, from the ledger's point of view too. `kept`: nothing was done, since something
 * forbids it (`held`), or since the day hasn't the counted events any more (`changed`: deleted, parsed anew, replayed).
 */
export type Removal =
  | { readonly outcome: 'removed'; readonly events: number }
  | { readonly outcome: 'kept'; readonly why: 'held' | 'changed'; readonly detail: string };

/**
 * Removes a day's counted events exactly once, while the stream's writer rests: it is written down what goes, then asked
 * whether it may, then done. What comes later stays. After `kill -9` the next process ends what was going, before
 * anything else is written to the stream.
 */
export class UnitRemover implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #ended = new AbortController();

  constructor(private readonly parts: UnitRemoverParts) {}

  /** Streams that nothing is written to have no writer that would do it. */
  onApplicationBootstrap(): void {
    if (this.parts.turn) void this.parts.turn.then(() => this.settleLeft());
    else void this.settleLeft();
  }

  onApplicationShutdown(): void {
    this.#ended.abort(new Error('The process is stopping.'));
  }

  /**
   * @throws AlluviumError `stream_busy` (retryable) where a batch of the stream is half stored
   * @throws TierError
   */
  remove(task: RemovalTask): Promise<Removal> {
    return this.parts.writers.exclusively(task.stream, () => this.#remove(task));
  }

  /** Ends what an earlier process left. */
  async settleLeft(): Promise<void> {
    for (const { tenant, stream: name } of await this.parts.removals.underWay()) {
      const stream = await this.parts.streams.find(tenant, name);
      if (!stream) continue;
      const settle = (): Promise<void> => this.parts.settler.settle(stream);
      await this.parts.writers
        .exclusively(stream, () => this.#untilDone(stream, settle))
        .catch((error: unknown) =>
          this.parts.logger.warn({ err: error, tenant, stream: name }, 'a removal is left as it is'),
        );
    }
  }

  async #remove(task: RemovalTask): Promise<Removal> {
    const { removals, settler, writers } = this.parts;
    const { stream, order, unit } = task;
    const place = placeOf(task);
    await settler.settle(stream);
    const done = await removals.done(order, place);
    if (done) return { outcome: 'removed', events: done.events };
    if (!(await writers.isAtRest(stream))) throw streamBusy(stream);
    const now = await this.parts.tier().countUnit(partOf(task), unit.through);
    if (now?.events !== unit.events || now.identities !== unit.identities)
      return { outcome: 'kept', why: 'changed', detail: changedText(unit, now) };
    const removal = await this.#begin(task);
    if (!(await this.#mayGo(task, removal))) {
      await settler.giveUp(removal);
      return { outcome: 'kept', why: 'held', detail: 'A hold keeps it.' };
    }
    const going: UnitRemoval = { ...removal, phase: 'going' };
    await removals.keep(going);
    this.parts.reach('retention.going');
    await this.#untilDone(stream, () => settler.settle(stream));
    return { outcome: 'removed', events: unit.events };
  }

  async #mayGo({ mayGo }: RemovalTask, removal: UnitRemoval): Promise<boolean> {
    try {
      return await mayGo();
    } catch (error) {
      await this.parts.settler.giveUp(removal);
      throw error;
    }
  }

  /** Says durably what is about to go. */
  async #begin(task: RemovalTask): Promise<UnitRemoval> {
    const { catalogue, moves, removals, reach, tier } = this.parts;
    const { through, events } = task.unit;
    const counts = await tier().countUnitByMinute(partOf(task), through);
    const begun = {
      ...{ ...placeOf(task), order: task.order, batch: randomUUID(), through, events },
      ...(task.keptIn && { kept_in: task.keptIn }),
    };
    const { tenant, name } = task.stream;
    reach('retention.before-intent');
    await catalogue.write([
      ...removals.changesToBegin(begun, counts),
      moves.openRemoval(tenant, name, oldestOf(counts)),
    ]);
    reach('retention.asked');
    const kept = await removals.find(tenant, name);
    if (!kept) throw streamBusy(task.stream);
    return kept.value;
  }

  /** The writer must not go on over a removal that is half accounted for. */
  async #untilDone(stream: StreamSpec, step: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await step();
      } catch (error) {
        if (!(error instanceof AlluviumError && error.retryable)) throw error;
        this.parts.logger.warn({ err: error, stream: stream.name }, 'a removal is gone on with');
        await pause(AGAIN_AFTER_MS, this.#ended.signal);
      }
    }
  }
}

function partOf({ stream, unit }: RemovalTask): StreamPart {
  return { stream, day: unit.day, generation: unit.generation };
}

function placeOf({ stream, unit: { day, generation } }: RemovalTask): UnitPlace {
  return { tenant: stream.tenant, stream: stream.name, day, generation };
}

function oldestOf(counts: readonly SourceMinuteCount[]): number {
  return counts.reduce((oldest, { minute }) => Math.min(oldest, minute), Number.MAX_SAFE_INTEGER);
}

function changedText(unit: CountedUnit, now: CountedUnit | undefined): string {
  if (now?.events === unit.events) return `Its ${unit.events} events are others than were counted.`;
  return `${unit.events} events were counted, and ${now?.events ?? 0} of them are there. Plan again.`;
}
