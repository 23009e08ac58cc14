import { BUILT_IN_FIELDS, TIMESTAMP_KEYS } from '#event-model';

/** The event's time, beside the names of the built-in fields. */
export const TIME = 'timestamp';

/** Keys under which every event type finds a field, in the order in which they count. */
const READ_BY_TYPES: readonly (readonly [field: string, keys: readonly string[]])[] = [
  [TIME, TIMESTAMP_KEYS],
  ...BUILT_IN_FIELDS.map(({ name, aliases = [] }) => [name, [name, ...aliases]] as const),
];

/**
 * Keys that loggers use besides those: Python's `logging`, Monolog, Serilog's compact format (`@t`, `@l`, `@m`), Log4j 2,
 * journald, GELF and OpenTelemetry's own spelling. They count where none of the types' keys is there.
 */
const MORE_KEYS: Readonly<Record<string, readonly string[]>> = {
  [TIME]: [...['@t', 'Timestamp', 'timeUnixNano', 'timeMillis', 'asctime', '__REALTIME_TIMESTAMP']],
  level: [
    ...['levelname', 'level_name', 'log_level', 'logLevel', 'severityText', 'SeverityText', 'Severity'],
    ...['Level', '@l', 'PRIORITY'],
  ],
  service: ['serviceName', 'ServiceName', 'SYSLOG_IDENTIFIER'],
  host: ['host.hostname', 'Hostname', 'HOSTNAME', '_HOSTNAME', 'MachineName'],
  message: ['Message', 'MESSAGE', '@m', '@mt', 'short_message', 'Body'],
  trace_id: ['TraceId', '@tr', 'dd.trace_id'],
  span_id: ['SpanId', '@sp', 'dd.span_id'],
};

/** What a key means. */
export interface KeyMeaning {
  readonly field: string;
  /** Its place among the field's keys: of those that are there the lowest counts. */
  readonly rank: number;
  /** Whether the event types know it too. */
  readonly isCommon: boolean;
}

/** The keys that mean something. */
export const KEY_MEANINGS: ReadonlyMap<string, KeyMeaning> = new Map(
  READ_BY_TYPES.flatMap(([field, common]) =>
    [...common, ...(MORE_KEYS[field] ?? [])].map(
      (key, rank) => [key, { field, rank, isCommon: rank < common.length }] as const,
    ),
  ),
);

/** Keys whose objects hold fields: `{"log": {"level": "warn"}}` says the same as `{"log.level": "warn"}`. */
export const UNFOLDED: ReadonlySet<string> = new Set(['log', 'service', 'host', 'trace', 'span', 'message']);

/** Numbers of a level where there is no word, and whose they are. */
export const LEVEL_NUMBERS = {
  severity_number: 'otel',
  severityNumber: 'otel',
  SeverityNumber: 'otel',
  levelno: 'python',
} as const;
