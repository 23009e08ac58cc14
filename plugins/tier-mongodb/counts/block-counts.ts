import type { Binary, Long } from 'mongodb';

/** Events of one hour and one type, of one block. */
export interface HourCount {
  readonly hour: Date;
  readonly event_type: string;
  readonly generation: number;
  readonly events: number;
  /** Time of the first and the last of them: nanoseconds since the epoch. */
  readonly oldest: Long;
  readonly newest: Long;
}

/**
 * How many events of a block are there, by hour and type. A document a block, set and never added to, so that whoever counts
 * again, after whatever happened, comes to the same.
 */
export interface BlockCounts {
  /** The block. */
  readonly _id: string;
  readonly block: Binary;
  readonly source: string;
  /** Minute of acceptance: milliseconds since the epoch. */
  readonly minute: number;
  readonly hours: readonly HourCount[];
}
