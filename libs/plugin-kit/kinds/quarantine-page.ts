import type { BlockId } from '#event-model';
import type { EventPosition } from './search.js';

/** Which refused events are meant: those that meet every condition that is there. */
export interface QuarantineFilter {
  readonly tenant: string;
  readonly stream?: string;
  readonly source?: string;
  /** Exactly so. */
  readonly reason?: string;
  /** Name of the parser that refused the line, or whose event was refused; empty for what came as JSON. */
  readonly parser?: string;
  readonly block?: BlockId;
  /** Acceptance: nanoseconds since the epoch, `to` exclusive. */
  readonly from?: bigint;
  readonly to?: bigint;
}

/** Asks for a page of what was refused. */
export interface QuarantineQuery extends QuarantineFilter {
  readonly limit: number;
  /** Only refused events that come behind this one: newest first by acceptance, then block; by row within a block. */
  readonly after?: EventPosition;
}

export interface QuarantinedEvent {
  readonly event_id: string;
  readonly stream: string;
  readonly source: string;
  readonly reason: string;
  /** Name of the parser that refused the line, or whose event was refused; absent for what came as JSON. */
  readonly parser?: string;
  readonly received_at: string;
  /** The line, where it is UTF-8. */
  readonly raw?: string;
  /** The line in base64, where it isn't. */
  readonly raw_base64?: string;
}

export interface QuarantinePage {
  readonly events: readonly QuarantinedEvent[];
  /** Whether more follow the last one. */
  readonly more: boolean;
  /** All that match, wherever the page begins. */
  readonly total: number;
}
