import type { EventPlace } from '#event-model';
import type { QuarantineFilter } from './quarantine-page.js';
import type { ScanPiece } from './scan.js';
import type { StreamSpec } from './stream.js';
import type { QuarantinedRow, StorageTier, TierBatch } from './tier.js';

export interface ValueCount {
  readonly value: string;
  readonly events: number;
}

/** Refused events by each of their sides, most first; each list adds up to `total` where it has all values. */
export interface QuarantineCounts {
  readonly total: number;
  readonly reasons: readonly ValueCount[];
  readonly sources: readonly ValueCount[];
  readonly streams: readonly ValueCount[];
  readonly parsers: readonly ValueCount[];
}

/** Where a refused event is, and how large. */
export interface RefusedPlace extends EventPlace {
  readonly stream: string;
  /** Bytes of its line. */
  readonly bytes: number;
}

/** A refused event as it is kept. */
export interface RefusedLine extends EventPlace {
  readonly source: string;
  /** Acceptance: nanoseconds since the epoch. */
  readonly receivedAt: bigint;
  readonly reason: string;
  readonly parser: string;
  readonly raw: Uint8Array;
}

/** What a row that stays in quarantine is refused for now. */
export interface NewReason extends QuarantinedRow {
  readonly parser: string;
}

/**
 * Works on what was refused. What changes the quarantine is called by the stream's writer only, between its batches; each
 * change may be repeated.
 *
 * @throws TierError
 */
export interface QuarantineTier extends StorageTier {
  countRefused(filter: QuarantineFilter): Promise<QuarantineCounts>;
  /** Every refused event as a JSON text (the form of `QuarantinedEvent`), by block and row; as `ScanningTier.scan`. */
  scanRefused(filter: QuarantineFilter, signal?: AbortSignal): AsyncIterable<ScanPiece>;
  /** The first `limit` places behind `after`, by block and row. */
  refusedPlaces(
    filter: QuarantineFilter,
    page: { readonly limit: number; readonly after?: EventPlace },
  ): Promise<readonly RefusedPlace[]>;
  /** Those of the stream's places that are in quarantine, with their bytes. */
  refusedLines(stream: StreamSpec, places: readonly EventPlace[]): Promise<readonly RefusedLine[]>;
  /** Which of a batch's rows would be refused, and why, if it was inserted. Changes nothing. */
  judge(batch: TierBatch): Promise<readonly QuarantinedRow[]>;
  /** Takes rows out of quarantine, durably; those that are not there are passed over. */
  removeRefused(stream: StreamSpec, places: readonly EventPlace[]): Promise<void>;
  /** Writes new reasons, durably. */
  renameRefused(stream: StreamSpec, rows: readonly NewReason[]): Promise<void>;
}
