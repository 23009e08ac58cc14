import type { EventPlace } from '#event-model';
import type { AskedStream } from './asked-stream.js';

/** A value of a request; numbers and truths compare by their text. */
export type FilterValue = string | number | boolean;

/**
 * A typed filter tree: the only way from a request to a statement. Values are data, bound as parameters; field names
 * are looked up in the stream's declaration, and an undeclared one is a key of `attributes`: `a.b` is the attribute of
 * that very name or, where there is none, `b` inside the attribute `a`. An absent field fits no condition but a `not`.
 */
export type Filter =
  | { readonly kind: 'all'; readonly of: readonly Filter[] }
  | { readonly kind: 'any'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  /** The field's value, as text, equals one of `values`. */
  | { readonly kind: 'equals'; readonly field: string; readonly values: readonly FilterValue[] }
  /**
   * What `field:value` means: each word of `text` in a field that is searched by word, the severity where the field is
   * `level`, else equality.
   */
  | { readonly kind: 'match'; readonly field: string; readonly text: string }
  /** The level, normalised by its severity number, is one of these words. */
  | { readonly kind: 'level'; readonly words: readonly string[] }
  /** Every word occurs as a whole word in the field (default `message`), letter case ignored. */
  | { readonly kind: 'words'; readonly words: readonly string[]; readonly field?: string }
  /** `text` stands in a field that is searched by word, its words whole, letter case ignored; else equality. */
  | { readonly kind: 'phrase'; readonly field: string; readonly text: string }
  /** `text` stands anywhere in the field's value, letter case ignored. */
  | { readonly kind: 'contains'; readonly field: string; readonly text: string }
  /**
   * The whole value fits the pattern, letter case ignored: `*` is any text, `?` one character, a backslash takes the
   * meaning of what follows. In a field that is searched by word, a pattern of word characters fits a whole word, any
   * other a part of the text.
   */
  | { readonly kind: 'wildcard'; readonly field: string; readonly pattern: string }
  /** The value lies between the bounds that are given. */
  | ({ readonly kind: 'range'; readonly field: string } & FilterRange)
  /** The field is there, and not null. */
  | { readonly kind: 'exists'; readonly field: string };

/**
 * Bounds of a range. They are compared as numbers where all are numbers, as severities on `level`, as times on
 * `timestamp` and `observed_timestamp`, else as text.
 */
export interface FilterRange {
  /** Greater than. */
  readonly above?: string | number;
  /** Greater than or equal. */
  readonly from?: string | number;
  /** Less than. */
  readonly below?: string | number;
  /** Less than or equal. */
  readonly to?: string | number;
}

/** Which events a question is about. */
export interface EventSelection {
  readonly tenant: string;
  readonly streams: readonly AskedStream[];
  /** Nanoseconds since the epoch, inclusive. */
  readonly from: bigint;
  /** Nanoseconds since the epoch, exclusive. */
  readonly to: bigint;
  readonly filter: Filter;
  /** Milliseconds after which the work is given up. */
  readonly timeoutMs: number;
}

/** Where an event stands in the order of time: by its timestamp, then its block, then its row. */
export interface EventPosition extends EventPlace {
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
}

/** Whether every event fits. */
export function isEverything(filter: Filter): boolean {
  return filter.kind === 'all' && filter.of.every(isEverything);
}

export interface EventQuery extends EventSelection {
  /** Newest or oldest first; events of one moment by their block and row, in the same direction. */
  readonly order: 'desc' | 'asc';
  readonly limit: number;
  /** Only events that come behind this one in the order; it needs not be there any more. */
  readonly after?: EventPosition;
  /**
   * How the total is counted: `bounded` (the default) as far as it is cheap, `exact` to the end, `none` not at all, for
   * pages after the first.
   */
  readonly total?: 'bounded' | 'exact' | 'none';
  /** Most bytes that a page may hold in the engine; more is a mistake of the query's. */
  readonly maxBytes?: number;
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
  /** Whether more events follow the last one. */
  readonly more: boolean;
  /** Events that match in all, or at least so many. Without `after`, whatever the limit. */
  readonly total: number;
  readonly totalIsExact: boolean;
  /** The time that was looked through for the events of this page: nanoseconds since the epoch, `to` exclusive. */
  readonly scanned: { readonly from: bigint; readonly to: bigint };
  readonly stats: SearchStats;
}

/** What the engine read. */
export interface SearchStats {
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
  /** Archived units that the question was about, where there are any; whoever brought them fills it in. */
  readonly archives?: { readonly units: number; readonly events: number; readonly bytes: number };
}
