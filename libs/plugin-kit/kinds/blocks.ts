import type { BlockId } from '#event-model';
import type { AskedStream } from './asked-stream.js';
import type { ScanPiece } from './scan.js';
import type { Filter } from './search.js';
import type { StorageTier } from './tier.js';

/** Those events of some stored blocks that fit a filter, whatever their timestamps. */
export interface BlocksQuery {
  readonly stream: AskedStream;
  /** At least one; at most a few hundred. */
  readonly blocks: readonly BlockId[];
  readonly filter: Filter;
  /** Milliseconds of work after which a call is given up. */
  readonly timeoutMs: number;
}

/**
 * Gives back events by the blocks that they came in, for whoever was told that these blocks are stored: the filter means
 * what it means in a search.
 *
 * @throws TierError
 */
export interface BlockReadingTier extends StorageTier {
  /**
   * The events in the order of (block, row), which is that of their acceptance; each line begins with its `event_id`. The
   * tier works only while the next piece is asked for; whoever stops reading, or aborts, ends its work at once.
   */
  readBlocks(query: BlocksQuery, signal?: AbortSignal): AsyncIterable<ScanPiece>;
  /** How many there are. */
  countBlocks(query: BlocksQuery, signal?: AbortSignal): Promise<number>;
}
