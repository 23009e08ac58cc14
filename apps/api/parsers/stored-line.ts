import { parseTime } from '#event-model';
import type { QuarantinedEvent, StoredEvent } from '#plugin-kit';

/** What a line of storage was had from: see {@link lineOfEvent}. */
export type MadeOf = 'raw' | 'message' | 'event';

/** A line as a parser would get it again. */
export interface StoredLine {
  readonly bytes: Buffer;
  readonly eventId: string;
  readonly stream: string;
  /** Nanoseconds since the epoch. */
  readonly receivedAt: bigint;
  readonly madeOf: MadeOf;
}

/** What a search adds to an event, or shows in its own form. */
const NOT_SENT = new Set([
  'event_id',
  'tenant',
  'stream',
  'source',
  'observed_timestamp',
  'severity_number',
  'attributes',
  'raw',
  'raw_base64',
]);

/**
 * The line that an event was: the bytes that are kept, or its message where that is the whole line, as storage leaves
 * them out then; for what came as JSON a JSON text that is equal to the one that was sent, but for the order of keys, the form
 * of its time, and integers beyond 2^53, which are strings.
 */
export function lineOfEvent(event: StoredEvent): StoredLine {
  const { event_id: eventId, stream, observed_timestamp: received } = event;
  const shared = { eventId, stream, receivedAt: parseTime(received) ?? 0n };
  const kept = bytesOf(event['raw'], event['raw_base64']);
  if (kept) return { ...shared, bytes: kept, madeOf: 'raw' };
  const attributes = (event['attributes'] ?? {}) as Readonly<Record<string, unknown>>;
  const wasText = attributes['parser'] !== undefined || attributes['parse_status'] === 'none';
  if (wasText && typeof event['message'] === 'string')
    return { ...shared, bytes: Buffer.from(event['message']), madeOf: 'message' };
  const own = Object.entries(event).filter(([name]) => !NOT_SENT.has(name));
  const made = Object.assign(Object.create(null) as object, attributes, Object.fromEntries(own));
  return { ...shared, bytes: Buffer.from(JSON.stringify(made)), madeOf: 'event' };
}

/** The line that was refused. */
export function lineOfRefused(refused: QuarantinedEvent): StoredLine {
  const { event_id: eventId, stream, received_at: received } = refused;
  const receivedAt = parseTime(received) ?? 0n;
  const bytes = bytesOf(refused.raw, refused.raw_base64) ?? Buffer.alloc(0);
  return { bytes, eventId, stream, receivedAt, madeOf: 'raw' };
}

function bytesOf(raw: unknown, base64: unknown): Buffer | undefined {
  if (typeof raw === 'string') return Buffer.from(raw);
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
}
