import type { EventPosition, EventSelection } from './search.js';
import { TierError } from './tier.errors.js';
import type { StorageTier } from './tier.js';

/** All events of a selection, in the order of (timestamp, block, row). Its `timeoutMs` is for each statement, not for all. */
export interface ScanQuery extends EventSelection {
  /** Oldest or newest first. */
  readonly order: 'asc' | 'desc';
  /** Only events behind this one, in the order of the scan. */
  readonly after?: EventPosition;
}

/** Some events of a scan, one after the other. */
export interface ScanPiece {
  /** Events as JSON texts (the form of `StoredEvent`), each with a line feed behind it and none in it. */
  readonly lines: Uint8Array;
  /** At least one. */
  readonly count: number;
}

/**
 * Gives back every event of a selection, however many there are, with memory that doesn't grow with them: the tier works
 * only while the next piece is asked for. Each event that was stored before the scan began comes exactly once; one that
 * arrives meanwhile comes once or not at all. Whoever stops reading, or aborts, ends the tier's work at once.
 *
 * @throws TierError
 */
export interface ScanningTier extends StorageTier {
  scan(query: ScanQuery, signal?: AbortSignal): AsyncIterable<ScanPiece>;
}

export interface ParquetQuery extends EventSelection {
  /** Columns in order; undeclared ones are attributes. All, and `attributes` as a map, where it is undefined. */
  readonly fields?: readonly string[];
  /** How the columns in the file are compressed. */
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Bytes of disk that the file may take. */
  readonly spaceBytes: number;
}

/** A finished Parquet file. */
export interface ParquetFile {
  readonly bytes: number;
  /** The file from its beginning; once. The file is gone when the reading ends, however it ends. */
  read(): AsyncIterable<Uint8Array>;
  /** Gives the file up without reading it. Idempotent. */
  discard(): Promise<void>;
}

/**
 * Makes Parquet files of selections: a row for each event, in no promised order, in columns with the names of the API. Times
 * are nanoseconds in UTC, absent values are null, `attributes` is a map from names to JSON texts. A column that has
 * several types in the selected streams is text.
 *
 * @throws NoSpaceError where the file would take more than `spaceBytes`, TierError
 */
export interface ParquetTier extends StorageTier {
  exportParquet(query: ParquetQuery, signal?: AbortSignal): Promise<ParquetFile>;
}

/** A file would take more disk than there is for it. */
export class NoSpaceError extends TierError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, cause);
  }
}
