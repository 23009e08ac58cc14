import type { BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';

/** A block whose events are stored: each of them can be found, unless it was refused or was known. */
export interface StoredBlock {
  readonly id: BlockId;
  /** Events that it was accepted with. */
  readonly count: number;
  /** Bytes that it was accepted with. */
  readonly bytes: number;
}

/** Blocks of one stream that were stored together. */
export interface StoredNotice {
  readonly stream: StreamSpec;
  readonly blocks: readonly StoredBlock[];
}

/**
 * Tells whoever follows the events which blocks have been stored, so that nobody has to ask the tier whether there is
 * something new. A notice is a hint and no record: who listens hears of each block once at most, and of those that were
 * stored before, or while its process was away, never.
 */
export interface StoredNotices {
  /** Called when a block is stored and off the bus. Returns at once and never throws; costs nothing while nobody listens. */
  tell(notice: StoredNotice): void;
  /** Calls the listener with each notice from now on; returns the way to end it, which is idempotent. */
  listen(listener: (notice: StoredNotice) => void): () => void;
}
