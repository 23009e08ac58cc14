import type { BlockId } from '#event-model';
import type { ScanPiece } from './scan.js';
import type { StreamSpec } from './stream.js';
import type { StorageTier } from './tier.js';

/** What had to be changed in a copy. */
export interface CopyReport {
  /** Events that were missing, or were other ones. */
  readonly written: number;
  /** Events that are no more where the copy was made from. */
  readonly removed: number;
}

/**
 * Keeps a copy of events that lie in another tier. What it does is set, never added: whoever does it again, after whatever
 * happened, comes to the same.
 *
 * @throws TierError
 */
export interface CopyingTier extends StorageTier {
  /** Makes the copy of these blocks what the lines say, which are all of their events, in the form of a scan. */
  copyBlocks(
    stream: StreamSpec,
    blocks: readonly BlockId[],
    lines: AsyncIterable<ScanPiece>,
  ): Promise<CopyReport>;
  /** Blocks that the copy counts events of: with one of the day (`YYYYMMDD`), or accepted in the minute (milliseconds). */
  copiedBlocks(
    stream: StreamSpec,
    of: { readonly day: number } | { readonly minute: number },
  ): Promise<readonly BlockId[]>;
  /** Blocks that have not as many events as the copy counts of them. Reads the id of every event. */
  strayBlocks(stream: StreamSpec): Promise<readonly BlockId[]>;
}
