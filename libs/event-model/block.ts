import type { BlockId } from './block-id.js';

/**
 * How the bytes of a block are to be read.
 * - `ndjson`: one JSON event a line, as the client sent it
 * - `lines`: text for a parser plugin
 * - `records`: canonical lines that a protocol input or a parser already made
 */
export type BlockFormat = 'ndjson' | 'lines' | 'records';

/** The field of the address that an event's line came from, as OpenTelemetry's conventions name it. */
export const PEER_FIELD = 'network.peer.address';

/** Neighbouring rows that one peer sent: its address, empty where it isn't known, and how many they are. */
export type PeerRun = readonly [address: string, rows: number];

/** What a block's bytes are and where they came from. Travels with the block as the bus message's headers. */
export interface BlockHeader {
  readonly id: BlockId;
  readonly tenant: string;
  readonly stream: string;
  /** The sending key's name or the header `Alluvium-Source`; never a peer's address. */
  readonly source: string;
  readonly format: BlockFormat;
  /** Name of the parser plugin, for `lines`. */
  readonly parser?: string;
  /** Zone of times that stand without one in `lines`: an IANA name, or an offset such as `+02:00`. Default UTC. */
  readonly zone?: string;
  /** When the server accepted the block: nanoseconds since the epoch, UTC. */
  readonly receivedAt: bigint;
  /** Number of events: LF-terminated lines in the body, blank ones never present. */
  readonly count: number;
  /** Index of the block's first row in its request, where a request is spread over several blocks. Default 0. */
  readonly offset?: number;
  /** Where the block's rows stood in their request, where they were no neighbours; see `requestRows`. */
  readonly indexes?: string;
  /** Who sent the rows, first to last, where their transport tells. Together they are as many as the rows. */
  readonly peers?: readonly PeerRun[];
  /** Policy by which its events are left out: they are counted and accounted for, and the body is empty. */
  readonly dropped?: string;
  readonly traceparent?: string;
}

/**
 * The unit on the bus: up to {@link BLOCK_MAX_BYTES} or {@link BLOCK_MAX_EVENTS} of one tenant, stream, source,
 * format and parser, as decoded bytes. Every line ends in one LF (no CR before it) and no line is blank, so that row
 * numbers counted by any reader agree. A longer single line is a block of its own.
 */
export interface Block {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
  /**
   * Where a parser made `body` of text lines: those lines, as many as the body has, each ended by one LF. Never on the bus.
   * A line of the body may then be a {@link REFUSED_LINE} byte and the reason why the text line beside it was refused, with
   * a {@link REFUSED_BY} byte and the parser's name behind it where a parser refused it.
   */
  readonly raw?: Uint8Array;
  /**
   * Row numbers of the lines, ascending, where they are not 0 to count - 1: of a block of which only some rows go their way
   * again. Never on the bus.
   */
  readonly rows?: readonly number[];
}

/** First byte of a line of a parsed block that is no event but a reason to refuse the text line. */
export const REFUSED_LINE = 0x01;
/** Between the reason of such a line and the name of the parser. */
export const REFUSED_BY = 0x02;

/** Bytes. */
export const BLOCK_MAX_BYTES = 512 * 1024;
/** Events. */
export const BLOCK_MAX_EVENTS = 5_000;
