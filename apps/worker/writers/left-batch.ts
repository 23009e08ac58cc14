import type { Delivery } from '#event-bus';
import type { IngestState } from './ingest-state.js';

/** How long blocks of a left batch are waited for when nothing else comes: milliseconds. */
const PATIENCE_MS = 30_000;

/** Blocks to be finished together under the id that they had. */
export interface ReadyBatch {
  readonly batch: string;
  readonly deliveries: readonly Delivery[];
  /** Only the commit on the bus was missing. */
  readonly stored: boolean;
}

/**
 * The batch that the last process was at. While it was BEFORE, all of its blocks are on the bus still and come again, as
 * the oldest of their stream: they are gathered first, since their verdicts are accounted for as one. A block that was
 * damaged in the log never comes: a newer block, or patience, ends the wait. Once AFTER, whatever comes again of it
 * needs only its commit.
 */
export class LeftBatch {
  readonly #blocks: Set<string>;
  readonly #gathered: Delivery[] = [];
  #lastAt: number;

  constructor(
    private readonly state: IngestState | undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.#blocks = new Set(state?.blocks);
    this.#lastAt = now();
  }

  /** Takes a block that belongs to it; false for all others. */
  take(delivery: Delivery): boolean {
    if (!this.#blocks.has(delivery.block.header.id)) return false;
    this.#gathered.push(delivery);
    this.#lastAt = this.now();
    return true;
  }

  get isEmpty(): boolean {
    return this.#gathered.length === 0;
  }

  /** What can be finished now. `newer`: blocks of later batches have come. */
  ready(newer: boolean): ReadyBatch | undefined {
    if (!this.state || this.isEmpty) return undefined;
    const stored = this.state.phase === 'AFTER';
    const complete = this.#gathered.length === this.#blocks.size;
    if (!stored && !complete && !newer && this.now() - this.#lastAt < PATIENCE_MS) return undefined;
    if (!stored) this.#blocks.clear();
    return { batch: this.state.batch, deliveries: this.#gathered.splice(0), stored };
  }
}
