import { Binary } from 'mongodb';
import { parseEventId, parseTime } from '#event-model';
import { isRefusal, mapEvent, TierError, type MappedEvent, type StreamSpec } from '#plugin-kit';
import { toDocument, type EventDocument } from '../documents/event-document.js';

/** What the API shows beside the fields of an event: where it stands, and what is made of others. */
const BESIDE_FIELDS = new Set([
  ...['event_id', 'tenant', 'stream', 'source', 'observed_timestamp', 'severity_number'],
  ...['raw', 'raw_base64', 'attributes'],
]);

interface ShownEvent {
  readonly event_id: string;
  readonly source: string;
  readonly observed_timestamp: string;
  readonly raw?: string;
  readonly raw_base64?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The document of an event that another tier has, from the line by which that one shows it. */
export function toCopy(stream: StreamSpec, line: string): EventDocument {
  const shown = JSON.parse(line) as ShownEvent;
  const place = parseEventId(shown.event_id);
  const receivedAt = parseTime(shown.observed_timestamp);
  if (!place || receivedAt === undefined) throw new TierError('data', 'A line has no event that has an id.');
  const { raw = binaryOf(shown) } = shown;
  const row = {
    ...{ ...place, source: shown.source, receivedAt, ...readAgain(stream, shown, receivedAt) },
    // The line is the appliance's own: never shown as what was sent.
    ...{ isText: true, ...(raw !== undefined && { raw }) },
  };
  return toDocument(row, { version: stream.eventType.version ?? 1 });
}

/** What a type would refuse of values within attributes, such as arrays that are too deep, is kept as text. */
function readAgain(stream: StreamSpec, shown: ShownEvent, receivedAt: bigint) {
  const own = Object.entries(shown).filter(([key]) => !BESIDE_FIELDS.has(key));
  const attributes = Object.entries(shown.attributes ?? {});
  const asText = attributes.map(([key, value]) => [key, JSON.stringify(value)] as const);
  for (const kept of [attributes, asText]) {
    const members = kept.length === 0 ? own : [...own, ['attributes', Object.fromEntries(kept)] as const];
    const line = JSON.stringify(Object.fromEntries(members));
    const event = mapEvent(stream.eventType, Buffer.from(line), receivedAt);
    if (!isRefusal(event)) return { line, event } satisfies { line: string; event: MappedEvent };
  }
  throw new TierError('data', `The event ${shown.event_id} can't be read again to be copied.`);
}

function binaryOf({ raw_base64: raw }: ShownEvent): Binary | undefined {
  return raw === undefined ? undefined : new Binary(Buffer.from(raw, 'base64'));
}
