import type { Delivery } from '#event-bus';
import type { BlockId } from '#event-model';
import type { IngestState } from './ingest-state.js';

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
 * damaged in the log never comes: the bus, which has set it aside, ends the wait. A guess by time would let a block that
 * is only late be stored a second time. Once AFTER, whatever comes again of it needs only its commit.
 */
export class LeftBatch {
  readonly #blocks: Set<string>;
  readonly #gathered: Delivery[] = [];

  constructor(
    private readonly state: IngestState | undefined,
    /** Whether the bus still has any of these blocks. */
    private readonly isPending: (blocks: readonly BlockId[]) => boolean,
  ) {
    this.#blocks = new Set(state?.blocks);
  }

  /** Takes a block that belongs to it; false for all others. */
  take(delivery: Delivery): boolean {
    if (!this.#blocks.has(delivery.block.header.id)) return false;
    this.#gathered.push(delivery);
    return true;
  }

  get isEmpty(): boolean {
    return this.#gathered.length === 0;
  }

  /** Whether it can be finished now. */
  get isReady(): boolean {
    return !this.isEmpty && (this.state?.phase === 'AFTER' || !this.#isComing());
  }

  /** What can be finished now. */
  ready(): ReadyBatch | undefined {
    if (!this.state || !this.isReady) return undefined;
    const stored = this.state.phase === 'AFTER';
    if (!stored) this.#blocks.clear();
    return { batch: this.state.batch, deliveries: this.#gathered.splice(0), stored };
  }

  /** Gives back what it has gathered. */
  abandon(): readonly Delivery[] {
    return this.#gathered.splice(0);
  }

  #isComing(): boolean {
    const here = new Set(this.#gathered.map(({ block }) => block.header.id));
    const missing = (this.state?.blocks ?? []).filter((id) => !here.has(id));
    return missing.length > 0 && this.isPending(missing);
  }
}
