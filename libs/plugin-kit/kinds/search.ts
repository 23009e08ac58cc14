import type { BlockId } from '#event-model';
import type { StreamSpec } from './stream.js';

/**
 * A typed filter tree: the only way from a request to a statement. Values are data, bound as parameters; field names
 * are looked up in the stream's declaration, and an undeclared one is a key of `attributes`.
 */
export type Filter =
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  /** The field's value, as text, equals one of `values`. */
  | {
      readonly kind: 'equals';
      readonly field: string;
      readonly values: readonly (string | number | boolean)[];
    }
  /** The level, normalised by its severity number, is one of these words. */
  | { readonly kind: 'level'; readonly words: readonly string[] }
  /** Every word occurs as a whole word in `message`, letter case ignored where the index allows. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

/** Which events a question is about. */
export interface EventSelection {
  readonly tenant: string;
  readonly streams: readonly StreamSpec[];
  /** Nanoseconds since the epoch, inclusive. */
  readonly from: bigint;
  /** Nanoseconds since the epoch, exclusive. */
  readonly to: bigint;
  readonly filter: Filter;
  /** Milliseconds after which the work is given up. */
  readonly timeoutMs: number;
}

export interface EventQuery extends EventSelection {
  /** Newest or oldest first. */
  readonly order: 'desc' | 'asc';
  readonly limit: number;
}

/** An event as the API shows it: built-in and declared fields at the top, all others under `attributes`. */
export interface StoredEvent {
  readonly event_id: string;
  readonly tenant: string;
  readonly stream: string;
  readonly source: string;
  /** RFC 3339, UTC, nine digits. */
  readonly timestamp: string;
  readonly observed_timestamp: string;
  readonly event_type: string;
  readonly [field: string]: unknown;
}

export interface EventPage {
  readonly events: readonly StoredEvent[];
  /** Events that match in all. */
  readonly total: number;
  readonly stats: SearchStats;
}

export interface SearchStats {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

export interface QuarantineQuery {
  readonly tenant: string;
  readonly stream?: string;
  readonly source?: string;
  readonly reason?: string;
  readonly block?: BlockId;
  readonly limit: number;
}

export interface QuarantinedEvent {
  readonly event_id: string;
  readonly stream: string;
  readonly source: string;
  readonly reason: string;
  readonly received_at: string;
  /** The line, where it is UTF-8. */
  readonly raw?: string;
  /** The line in base64, where it isn't. */
  readonly raw_base64?: string;
}

export interface QuarantinePage {
  readonly events: readonly QuarantinedEvent[];
  readonly total: number;
}
