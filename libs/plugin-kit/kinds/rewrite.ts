import type { BlockId, EventPlace } from '#event-model';
import type { StreamSpec } from './stream.js';
import type { QuarantinedRow, StorageTier, TierBatch } from './tier.js';

/** Half open: nanoseconds since the epoch. */
export interface TimeSpan {
  readonly from: bigint;
  readonly to: bigint;
}

/** What a tier replaces as a whole: the events of one day of a stream, of one generation. */
export interface StreamPart {
  readonly stream: StreamSpec;
  /** `YYYYMMDD`, UTC. */
  readonly day: number;
  /** 0 until the day was sealed for the archive. */
  readonly generation: number;
}

/**
 * What is there of a stored event to be read again: `text` its line; `message` the same, where the line is the message;
 * `json` the bytes that were sent; `json_remade` JSON made again of its fields, equal to what was sent.
 */
export type StoredForm = 'text' | 'message' | 'json' | 'json_remade';

/** Events of one form and one parser. */
export interface StoredFormCount {
  readonly form: StoredForm;
  /** Who read the line; empty where nobody did, and for JSON. */
  readonly parser: string;
  readonly events: number;
}

/** A part with what it has of a time span. */
export interface StoredPart extends Omit<StreamPart, 'stream'> {
  /** All of the part's events. */
  readonly partEvents: number;
  /** Bytes of disk that the part takes, and about as many its copy. */
  readonly diskBytes: number;
  /** Of the span. */
  readonly forms: readonly StoredFormCount[];
}

/** Events of one block that are in a part. */
export interface PartBlock {
  readonly block: BlockId;
  readonly events: number;
  /** About what they take in memory. */
  readonly bytes: number;
}

/** A stored event as it can be read again. */
export interface StoredLine extends EventPlace {
  readonly source: string;
  /** Acceptance: nanoseconds since the epoch. */
  readonly receivedAt: bigint;
  readonly form: StoredForm;
  readonly parser: string;
  /** Address that a line of text came from, where that is stored. */
  readonly peer?: string;
  /** Without a line end. */
  readonly raw: Uint8Array;
}

/** What became of some blocks in the copy of a part. */
export interface RewriteReport {
  /** Events that are in another way in the copy than in the part. */
  readonly changed: number;
  /** Rows of the batch that are in the copy as they are in the part: refused, or `other_day`. */
  readonly kept: readonly QuarantinedRow[];
}

/**
 * Replaces what is stored of some days by the same events read anew. A copy of one part is filled beside it, block by block;
 * then it takes the part's place in one step for whoever reads, so that each event is found exactly once at any moment,
 * also when the process ends in between. Events keep block, row, source, time of acceptance, day and client id.
 *
 * One copy of a stream at a time. Of a copy that was never finished nothing is left to be seen.
 *
 * @throws TierError
 */
export interface RewritingTier extends StorageTier {
  /** Parts with events of the span, the newest day first. */
  storedParts(stream: StreamSpec, span: TimeSpan): Promise<readonly StoredPart[]>;
  /** The first `limit` blocks of a part behind `after`, by their ids. */
  blocksOfPart(
    part: StreamPart,
    page: { readonly limit: number; readonly after?: BlockId },
  ): Promise<readonly PartBlock[]>;
  /** Events of these blocks that are in the part and the span, by block and row. */
  storedLines(part: StreamPart, blocks: readonly BlockId[], span: TimeSpan): Promise<readonly StoredLine[]>;
  /** Begins an empty copy. What was begun before is dropped. */
  beginRewrite(part: StreamPart): Promise<void>;
  /**
   * Puts all events of these blocks into the copy: those of the batch as they are read now, where the type takes them and
   * their time is of the part's day, all others as they are. Each block once.
   */
  rewrite(part: StreamPart, blocks: readonly BlockId[], batch: TierBatch): Promise<RewriteReport>;
  /** Copies events that the part has got since; returns how many blocks they are of. */
  catchUpRewrite(part: StreamPart): Promise<number>;
  /** Puts the copy in the part's place and makes the day's roll-ups again. Nothing may be written to the stream meanwhile. */
  finishRewrite(part: StreamPart): Promise<void>;
  /** Drops the copy. Idempotent. */
  abandonRewrite(stream: StreamSpec): Promise<void>;
}
