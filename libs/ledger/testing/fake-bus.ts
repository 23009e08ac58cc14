import type { ExpiredCounts, ReceivedCount } from '#event-bus';
import { createBlockIdGenerator, type BlockId } from '#event-model';

/** Where the events of a fake block are counted. */
export type FakePlace = Omit<ReceivedCount, 'events'>;

/** The part of a bus that the ledger looks at: blocks are accepted and committed by hand. */
export class FakeBus {
  readonly #nextId = createBlockIdGenerator();
  readonly #pending = new Map<BlockId, ReceivedCount>();
  #received: ReceivedCount[] = [];

  /** Accepts a block of so many events. */
  accept(place: FakePlace, events: number, block: BlockId = this.#nextId()): BlockId {
    this.#received.push({ ...place, events });
    this.#pending.set(block, { ...place, events });
    return block;
  }

  commit(block: BlockId): void {
    this.#pending.delete(block);
  }

  pendingEvents(blocks: readonly BlockId[]): number {
    return blocks.reduce((sum, block) => sum + (this.#pending.get(block)?.events ?? 0), 0);
  }

  async received(fromMinute: number, toMinute: number): Promise<readonly ReceivedCount[]> {
    return this.#received.filter(({ minute }) => minute >= fromMinute && minute <= toMinute);
  }

  async pending(): Promise<readonly ReceivedCount[]> {
    return [...this.#pending.values()];
  }

  async expire(_nowMs: number, countsBeforeMinute: number): Promise<ExpiredCounts> {
    const before = this.#received.length;
    this.#received = this.#received.filter(({ minute }) => minute >= countsBeforeMinute);
    return { idempotencyKeys: 0, receivedCounts: before - this.#received.length };
  }
}
