import type { BlockId } from '#event-model';
import type { ArchiveColumn } from './asked-stream.js';
import type { StreamPart } from './rewrite.js';
import type { StorageTier } from './tier.js';

/** What tells the events of a unit from any others: the same numbers, the same events, to the last bit of each column. */
export interface UnitFingerprint {
  readonly events: number;
  /** Of a hash of each event: their sum modulo 2^64 and what they are by exclusive or; decimal. */
  readonly sum: string;
  readonly xor: string;
  /** Time of the first and the last event: nanoseconds since the epoch. Absent where there is none. */
  readonly oldest?: bigint;
  readonly newest?: bigint;
  /** By their names. */
  readonly sources: readonly { readonly source: string; readonly events: number }[];
}

/** A unit as it was counted: its events of blocks up to `through`. */
export interface ArchivedPart extends StreamPart {
  readonly through: BlockId;
}

/** What merged files have, and how their rows are sorted. */
export interface MergedOrder {
  readonly columns: readonly ArchiveColumn[];
  /** Names of columns, those of the table: no two events are equal in all of them. */
  readonly sortedBy: readonly string[];
}

/**
 * Writes units into Parquet files and tells, of the table and of a file alike, which events are there. The file is read by
 * this process, also where the events are on a server. The streams must have been prepared.
 *
 * @throws TierError
 */
export interface ExportingTier extends StorageTier {
  /**
   * Writes the unit's events into a file, which is not there yet; what is left of one after a failure is the caller's to
   * remove. The same events make the same bytes. Resolves with the columns of the file.
   */
  exportUnit(part: ArchivedPart, path: string, signal?: AbortSignal): Promise<readonly ArchiveColumn[]>;
  fingerprintUnit(part: ArchivedPart, signal?: AbortSignal): Promise<UnitFingerprint>;
  /**
   * Reads every column of every event of a file, with these columns.
   *
   * @throws TierError `data` where it isn't a whole file of these columns, `config` where they are none of an archive
   */
  fingerprintFile(
    path: string,
    columns: readonly ArchiveColumn[],
    signal?: AbortSignal,
  ): Promise<UnitFingerprint>;
  /**
   * Makes one file of the events of several of the same columns, which is not there yet: in the order of their table. The same
   * files make the same bytes.
   *
   * @throws TierError as {@link fingerprintFile}
   */
  mergeFiles(
    paths: readonly string[],
    order: MergedOrder,
    ...to: [target: string, signal?: AbortSignal]
  ): Promise<void>;
  /**
   * Writes the events of such a file as NDJSON, into a file that is not there yet: in their order, every column with the values
   * that it has, identities as hex digits.
   */
  linesOfFile(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ): Promise<void>;
  /**
   * Makes such a file again of these lines.
   *
   * @throws TierError `data` where they are none of these columns
   */
  fileOfLines(
    path: string,
    columns: readonly ArchiveColumn[],
    ...to: [target: string, signal?: AbortSignal]
  ): Promise<void>;
}
