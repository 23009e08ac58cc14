import { archiveRunTimeSettings } from './archive-settings.js';
import { backupRunTimeSettings } from './backup-settings.js';
import { diskSettings } from './disk-settings.js';
import { bytes, integer } from './number-types.js';
import { retentionRunTimeSettings } from './retention-settings.js';
import { runTimeSetting, type ValuesOf } from './setting.js';
import { oneOf } from './text-types.js';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** Settings that may be changed while running, by their keys in code. */
export const runTimeSettings = {
  logLevel: runTimeSetting({
    path: 'log_level',
    type: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
    default: 'info',
    description: 'The least level of the log lines that the server itself writes.',
  }),
  backlogBytes: runTimeSetting({
    path: 'backlog.bytes',
    type: bytes(MIB, 1024 * GIB),
    default: '256MiB',
    unit: 'bytes',
    description:
      'Bytes accepted but not yet stored, above which new requests wait and are then refused with 429.',
  }),
  admissionWaitMs: runTimeSetting({
    path: 'admission.wait_ms',
    type: integer(0, 60_000),
    default: '1000',
    unit: 'milliseconds',
    description: 'How long a request waits for the backlog to shrink before it is refused with 429.',
  }),
  flushIntervalMs: runTimeSetting({
    path: 'flush.interval_ms',
    type: integer(10, 60_000),
    default: '200',
    unit: 'milliseconds',
    description: 'How long a batch may grow before it is stored.',
  }),
  flushBytes: runTimeSetting({
    path: 'flush.bytes',
    type: bytes(512 * KIB, GIB),
    default: '32MiB',
    unit: 'bytes',
    description: 'How large a batch may grow before it is stored.',
  }),
  ...diskSettings,
  idempotencyWindowHours: runTimeSetting({
    path: 'idempotency.window_hours',
    type: integer(1, 24 * 31),
    default: '24',
    unit: 'hours',
    description: 'How long an `Idempotency-Key` is remembered.',
  }),
  clientIdsWindowDays: runTimeSetting({
    path: 'client_ids.window_days',
    type: integer(1, 366),
    default: '7',
    unit: 'days',
    description: "How long an event's own `id` is remembered; a repeat within it is deduplicated.",
  }),
  quarantineRetentionDays: runTimeSetting({
    path: 'quarantine.retention_days',
    type: integer(1, 36_500),
    default: '30',
    unit: 'days',
    description:
      'How long refused events are kept, by the day (UTC) of their acceptance; at most a day longer, never shorter. Then they count as dropped by the policy `quarantine_retention`.',
  }),
  auditRetentionDays: runTimeSetting({
    path: 'audit.retention_days',
    type: integer(365, 36_500),
    default: '400',
    unit: 'days',
    description:
      'How long entries of the audit record are kept, and runs of retention with what became of each day. Older entries go, at most a week of them a day.',
  }),
  ...retentionRunTimeSettings,
  ...archiveRunTimeSettings,
  ...backupRunTimeSettings,
  limitsBodyEncodedBytes: runTimeSetting({
    path: 'limits.body_encoded_bytes',
    type: bytes(KIB, GIB),
    default: '16MiB',
    unit: 'bytes',
    description: 'Largest body of a request as it is sent; a larger one is refused with 413.',
  }),
  limitsBodyDecodedBytes: runTimeSetting({
    path: 'limits.body_decoded_bytes',
    type: bytes(KIB, GIB),
    default: '64MiB',
    unit: 'bytes',
    description: 'Largest body of a request after decompression; a larger one is refused with 413.',
  }),
  limitsBodiesAtOnceBytes: runTimeSetting({
    path: 'limits.bodies_at_once_bytes',
    type: bytes(KIB, 64 * GIB),
    default: '128MiB',
    unit: 'bytes',
    description:
      'Bytes of all bodies that are in memory at once, being read, decoded or written; beyond it new ones are refused with 503. A body that is alone is always taken.',
  }),
  limitsLineBytes: runTimeSetting({
    path: 'limits.line_bytes',
    type: bytes(KIB, 64 * MIB),
    default: '1MiB',
    unit: 'bytes',
    description: 'Longest line of a body; a longer one is refused with 413 and its number.',
  }),
  limitsFutureHours: runTimeSetting({
    path: 'limits.future_hours',
    type: integer(0, 24 * 366),
    default: '24',
    unit: 'hours',
    description:
      "How far ahead an event's timestamp may be; one further ahead is quarantined (`range:timestamp`).",
  }),
  searchTimeoutMs: runTimeSetting({
    path: 'search.timeout_ms',
    type: integer(100, 600_000),
    default: '30000',
    unit: 'milliseconds',
    description: 'How long a search may run.',
  }),
  searchesAtOnce: runTimeSetting({
    path: 'search.at_once',
    type: integer(1, 1_000),
    default: '32',
    description: 'How many searches may run or wait for the engine at once; one more is refused with 429.',
  }),
  searchesAtOncePerKey: runTimeSetting({
    path: 'search.at_once_per_key',
    type: integer(1, 1_000),
    default: '8',
    description: 'How many of them may be of one key.',
  }),
  searchPageBytes: runTimeSetting({
    path: 'search.page_bytes',
    type: bytes(MIB, GIB),
    default: '64MiB',
    unit: 'bytes',
    description: 'Largest page of a search; for a larger one, a smaller `limit` is to be sent.',
  }),
  searchArchiveBytes: runTimeSetting({
    path: 'search.archive_bytes',
    type: bytes(0, 2 ** 50),
    default: '4GiB',
    unit: 'bytes',
    description:
      'Bytes of archives that a question may read unasked; a larger one is refused until it is sent with `confirm_archive_scan`.',
  }),
  exportsAtOnce: runTimeSetting({
    path: 'exports.at_once',
    type: integer(1, 100),
    default: '4',
    description: 'How many exports may be under way at once; one more is refused with 429.',
  }),
  exportsAtOncePerKey: runTimeSetting({
    path: 'exports.at_once_per_key',
    type: integer(1, 100),
    default: '2',
    description: 'How many of them may be of one key.',
  }),
  tailsAtOnce: runTimeSetting({
    path: 'tails.at_once',
    type: integer(1, 1_000),
    default: '64',
    description: 'How many live tails may be open at once; one more is refused with 429.',
  }),
  tailsAtOncePerKey: runTimeSetting({
    path: 'tails.at_once_per_key',
    type: integer(1, 1_000),
    default: '16',
    description: 'How many of them may be of one key.',
  }),
  tailQueueBytes: runTimeSetting({
    path: 'tails.queue_bytes',
    type: bytes(64 * KIB, GIB),
    default: '1MiB',
    unit: 'bytes',
    description:
      'Events that may wait for one slow reader of a live tail; beyond it they are left out, counted and told.',
  }),
};

/** The values of all run-time settings. */
export type RunTimeValues = ValuesOf<typeof runTimeSettings>;
