import { Binary } from 'mongodb';
import { BUILT_IN_FIELDS, formatTimestamp, type FieldDeclaration } from '#event-model';
import {
  isRefusal,
  mapEvent,
  parseExactJson,
  type FieldValue,
  type MappedEvent,
  type StoredEvent,
  type StreamSpec,
} from '#plugin-kit';
import { bigOf, type EventDocument } from './event-document.js';
import { momentOf } from './moments.js';

/** A stored event as questions see it: made again of its line. */
export interface EventView {
  readonly document: EventDocument;
  readonly stream: StreamSpec;
  readonly timestamp: bigint;
  readonly observed: bigint;
  readonly event: MappedEvent;
}

/** All fields of a stream's events, the built-in ones first. */
export function fieldsOf({ eventType }: StreamSpec): readonly FieldDeclaration[] {
  return [...BUILT_IN_FIELDS, ...eventType.fields];
}

/** Reads documents of one stream. */
export function eventReader(stream: StreamSpec): (document: EventDocument) => EventView {
  return (document) => {
    const observed = bigOf(document.received);
    return {
      ...{ document, stream, observed },
      timestamp: momentOf(document),
      event: eventOf(stream, document, observed),
    };
  };
}

/** What a later version of the type would refuse is read as the version did that took it. */
function eventOf(
  { eventType }: StreamSpec,
  { _line, _version = 1 }: EventDocument,
  observed: bigint,
): MappedEvent {
  const line = Buffer.from(_line);
  const event = mapEvent(eventType, line, observed);
  if (!isRefusal(event)) return event;
  const fields = eventType.fields.filter(({ since = 1 }) => since <= _version);
  const before = mapEvent({ ...eventType, fields }, line, observed);
  if (isRefusal(before)) throw new Error(`A stored event can't be read any more: ${before.reason}`);
  return before;
}

/** An event as the API shows it. Absent fields are left out. */
export function toStoredEvent({ document, stream, timestamp, observed, event }: EventView): StoredEvent {
  const shown: StoredEvent & Record<string, unknown> = {
    event_id: document._id,
    ...{ tenant: stream.tenant, stream: stream.name, source: document.source },
    timestamp: formatTimestamp(timestamp),
    observed_timestamp: formatTimestamp(observed),
    event_type: event.event_type,
    severity_number: event.severity_number,
  };
  if (event.id !== '') shown['id'] = event.id;
  for (const { name } of fieldsOf(stream)) {
    const value = event.fields.get(name);
    if (value !== undefined) shown[name] = shownValue(value);
  }
  shown['attributes'] = attributesOf(event);
  return Object.assign(shown, keptText(document, stream));
}

/** The event as it was sent; of a text line the line, with U+FFFD for what is no UTF-8. */
export function sentEvent({ document, event }: EventView): unknown {
  if (document._text !== true) return parseExactJson(document._line);
  const { raw } = document;
  if (raw === undefined) return event.fields.get('message');
  return typeof raw === 'string' ? raw : Buffer.from(raw.value()).toString('utf8');
}

/** Integers beyond what a JavaScript number holds are text. */
function shownValue(value: FieldValue): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function attributesOf({ attributes }: MappedEvent): Record<string, unknown> {
  const shown = Object.create(null) as Record<string, unknown>;
  for (const [key, raw] of attributes) shown[key] = parseExactJson(raw);
  return shown;
}

function keptText({ raw, _line, _text }: EventDocument, { keepRaw }: StreamSpec): object {
  if (raw instanceof Binary) return { raw_base64: raw.toString('base64') };
  if (raw !== undefined) return { raw };
  return keepRaw === 'always' && _text !== true ? { raw: _line } : {};
}
