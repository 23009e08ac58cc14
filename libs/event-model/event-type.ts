/**
 * Types a declared field may have. `keyword` is a string of few distinct values (stored LowCardinality); `hex16` and
 * `hex8` are 32 and 16 hex digits stored as bytes; `text` is searched by word.
 */
export type FieldType =
  'text' | 'keyword' | 'string' | 'hex16' | 'hex8' | 'float64' | 'int64' | 'uint16' | 'uint64' | 'bool';

/** One declared field of an event type. */
export interface FieldDeclaration {
  /** Name in the API, the tables, the documents and the archives. */
  readonly name: string;
  readonly type: FieldType;
  /** Other top-level input keys that mean this field, tried in order after `name`. */
  readonly aliases?: readonly string[];
  /** Whether an event without it goes to quarantine (`missing:<name>`). Default false. */
  readonly required?: boolean;
  /** Whether equality on it is fast: a skip index is built. Default false. */
  readonly indexed?: boolean;
  /** One sentence for Swagger and the docs. */
  readonly description: string;
  /**
   * The version of the type that added it, where that isn't the first. Set by the server, never declared: events stored
   * before have the field among their attributes.
   */
  readonly since?: number;
}

/** A count per minute over some `keyword` fields, kept beside the events and checked against them. */
export interface RollUpDeclaration {
  readonly name: string;
  /** May be empty where `unique` isn't. */
  readonly by: readonly string[];
  /**
   * Fields of type `string` whose distinct values are counted besides, within 2 %. Such a roll-up is kept by day: what
   * counts distinct values takes up to 100 KiB for each group.
   */
  readonly unique?: readonly string[];
}

/**
 * What a kind of event looks like, declared once: from it come the columns, the SQL mapping, the JSON Schema and the
 * docs. Every type also has the built-in fields of {@link BUILT_IN_FIELDS}; a declaration adds fields of its own and
 * may not redefine those.
 */
export interface EventTypeDeclaration {
  /** `[a-z0-9][a-z0-9_-]{0,62}`; the value of `event_type` where the client sent none. */
  readonly name: string;
  /** Which declaration under this name it is, from 1 (also where it is absent). Set by the server, never declared. */
  readonly version?: number;
  readonly title: string;
  readonly description: string;
  readonly fields: readonly FieldDeclaration[];
  /** Columns (built-in or declared `keyword`s) that the table is sorted by, before `timestamp`. */
  readonly sortBy: readonly string[];
  readonly rollUps: readonly RollUpDeclaration[];
  /** An example event, as a client would send it. */
  readonly example: Readonly<Record<string, unknown>>;
}

/**
 * OpenTelemetry's log record, the fields of every event type, with the input keys that the field's shippers use for
 * them. `timestamp` is not in the list of aliases by type: it is read by the engine from text or an epoch number.
 */
export const BUILT_IN_FIELDS: readonly FieldDeclaration[] = [
  {
    name: 'level',
    type: 'keyword',
    aliases: ['severity_text', 'severity', 'log.level', 'lvl', 'loglevel'],
    description: 'Severity text, as it came.',
  },
  {
    name: 'service',
    type: 'keyword',
    aliases: ['service.name', 'service_name'],
    description: 'Name of the service that made the event.',
  },
  {
    name: 'host',
    type: 'keyword',
    aliases: ['hostname', 'host.name', 'host_name'],
    description: 'Name of the machine.',
  },
  {
    name: 'message',
    type: 'text',
    aliases: ['msg', 'body', '@message', 'log'],
    description: 'The text of the event, searched by word.',
  },
  {
    name: 'trace_id',
    type: 'hex16',
    aliases: ['traceId', 'traceid', 'trace.id'],
    indexed: true,
    description: 'W3C trace id, 32 hex digits.',
  },
  {
    name: 'span_id',
    type: 'hex8',
    aliases: ['spanId', 'spanid', 'span.id'],
    description: 'W3C span id, 16 hex digits.',
  },
];

/** Input keys read as the event's time, in order. */
export const TIMESTAMP_KEYS = ['timestamp', '@timestamp', 'ts', 'time', 'datetime', 'eventTime'] as const;
