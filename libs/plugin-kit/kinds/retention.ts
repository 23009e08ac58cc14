import type { BlockId } from '#event-model';
import type { StreamPart } from './rewrite.js';
import type { StreamSpec } from './stream.js';
import type { SourceMinuteCount, StorageTier } from './tier.js';

/** What retention keeps or removes as a whole: a stream's events of one day, of one generation. */
export interface StoredUnit extends Omit<StreamPart, 'stream'> {
  readonly events: number;
  /** Bytes of disk; of a unit that is written to just now, about. */
  readonly diskBytes: number;
  /** Time of the first and the last event: nanoseconds since the epoch. */
  readonly oldest: bigint;
  readonly newest: bigint;
}

/** The events of a unit as they were counted at one moment: what comes later isn't among them. */
export interface CountedUnit extends Omit<StreamPart, 'stream'> {
  readonly events: number;
  /** Latest acceptance among them: nanoseconds since the epoch. */
  readonly lastReceivedAt: bigint;
  /** The last of their blocks; later ones have higher ids. */
  readonly through: BlockId;
  /** A hash of who they are, by block and row: the same number, the same events. */
  readonly identities: string;
}

/** A rule by which the engine deletes events of a stream by itself. */
export interface TableTtl {
  readonly stream: string;
  /** As the engine writes it, at most 200 characters. */
  readonly ttl: string;
}

/**
 * Removes what a policy no longer keeps, by the unit. Who calls `removeUnit` holds the stream's writer back meanwhile.
 *
 * @throws TierError
 */
export interface RetainingTier extends StorageTier {
  /** Every unit of the stream, the oldest day first. Cheap: no event is read. */
  storedUnits(stream: StreamSpec): Promise<readonly StoredUnit[]>;
  /** TTLs of the tenant's tables. No stream is made with one: somebody gave it to the table. Cheap. */
  tableTtls(tenant: string): Promise<readonly TableTtl[]>;
  /**
   * Counts the unit's events, where `through` is given only those of blocks up to it; undefined where there are none. Reads
   * their identities.
   */
  countUnit(part: StreamPart, through?: BlockId): Promise<CountedUnit | undefined>;
  /** The counted events by source and minute of acceptance (milliseconds since the epoch). */
  countUnitByMinute(part: StreamPart, through: BlockId): Promise<readonly SourceMinuteCount[]>;
  /**
   * Removes the unit's events of blocks up to `through`; the others stay. Roll-ups of the day are to be made again then.
   * Idempotent: what an earlier call left half done is finished.
   */
  removeUnit(part: StreamPart, through: BlockId): Promise<void>;
}
