import type { BlockReadingTier, BlocksQuery } from '#plugin-kit';
import type { StoredNotice } from '#storage-tier';
import { Problem } from '../problems/problem.js';
import { areFull, Patience } from './patience.js';
import { portionsOf } from './tail-portion.js';
import type { TailReader } from './tail-reader.js';
import { covers, type TailSelection } from './tail-selection.js';
import { WaitingBlocks, type BlocksOfStream } from './waiting-blocks.js';

/** Between two looks, in which blocks gather: milliseconds. */
const PAUSE_MS = 200;
/** Blocks that may wait to be looked for: some ten gigabytes of busy streams. */
const MAX_WAITING = 20_000;

export interface TailGroupParts {
  readonly tier: () => Pick<BlockReadingTier, 'readBlocks' | 'countBlocks'>;
  /** Waits for a turn at the engine and works in it. */
  readonly turn: (work: () => Promise<void>) => Promise<void>;
}

/**
 * All who follow the same events: these are looked for once for all of them, in the blocks that were just stored. A reader
 * without room costs no reading: where all are full, events are only counted.
 */
export class TailGroup {
  readonly #readers = new Set<TailReader>();
  readonly #waiting = new WaitingBlocks();
  readonly #ended = new AbortController();
  #running = false;

  constructor(
    private readonly selection: TailSelection,
    private readonly parts: TailGroupParts,
  ) {}

  get isEmpty(): boolean {
    return this.#readers.size === 0;
  }

  join(reader: TailReader): void {
    this.#readers.add(reader);
  }

  /** When the last one has left, the engine's work for them ends. */
  leave(reader: TailReader): void {
    this.#readers.delete(reader);
    if (!this.isEmpty) return;
    this.#waiting.clear();
    this.#ended.abort(new Error('Nobody follows these events any more.'));
  }

  /** Hears of stored blocks; those of other streams are none of its business. */
  hear(notice: StoredNotice): void {
    if (this.isEmpty || !covers(this.selection, notice.stream)) return;
    this.#waiting.add(notice);
    if (this.#waiting.count > MAX_WAITING) return this.#endAll(behind());
    if (!this.#running) void this.#run();
  }

  /** Looks until nothing waits. Never rejects. */
  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.take(); next; next = this.#waiting.take()) {
      const blocks = next;
      await this.parts.turn(() => this.#look(blocks)).catch((error: unknown) => this.#endAll(error));
      // Behind the last one too: what is stored right after it is looked for together.
      if (this.#waiting.count === 0 && !this.isEmpty) await pause(PAUSE_MS);
    }
    this.#running = false;
  }

  #endAll(error: unknown): void {
    for (const reader of [...this.#readers]) reader.end(error);
  }

  async #look({ stream, blocks }: BlocksOfStream): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.verify()));
    // Whoever joins while this look is under way gets the events of the next one.
    const readers = [...this.#readers];
    if (readers.length === 0) return;
    const { filter, timeoutMs } = this.selection;
    const query = { stream, blocks: blocks.map(({ id }) => id), filter, timeoutMs };
    const read = await this.#read(query, readers);
    if (read === 'all') return;
    const left = (await this.parts.tier().countBlocks(query, this.#ended.signal)) - read;
    for (const { queue } of readers) queue.drop(Math.max(0, left));
  }

  /** Gives events to all readers while one of them has room; answers with how many, where there may be more. */
  async #read(query: BlocksQuery, readers: readonly TailReader[]): Promise<number | 'all'> {
    const queues = readers.map(({ queue }) => queue);
    const patience = new Patience();
    let read = 0;
    if (areFull(queues)) return read;
    for await (const piece of this.parts.tier().readBlocks(query, this.#ended.signal)) {
      for (const portion of portionsOf(piece)) {
        await patience.forRoom(queues);
        for (const queue of queues) queue.offer(portion);
      }
      read += piece.count;
      if (patience.isOut(queues)) return read;
    }
    return 'all';
  }
}

function behind(): Problem {
  return new Problem('tail_behind', `More than ${MAX_WAITING} blocks wait to be looked for.`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
