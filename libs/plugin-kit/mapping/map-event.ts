import { severityNumber, type EventTypeDeclaration } from '#event-model';
import { readEventTime } from './event-time.js';
import { columnValue, isUnfitting, type FieldValue } from './field-value.js';
import { inputPlanOf, type InputPlan } from './input-plan.js';
import { judgeEvent } from './judge-event.js';
import { readJsonLine, type JsonLine } from './json-line.js';
import { JsonFault, jsonOf } from './json-value.js';
import { readEvent, type ReadEvent } from './read-event.js';
import { isRefusal, type Refusal } from './refusal.js';

/** What is stored of an event. */
export interface MappedEvent {
  /** Nanoseconds since the epoch. */
  readonly timestamp: bigint;
  readonly event_type: string;
  /** OpenTelemetry's, 1 to 24; 0 where the level isn't known. */
  readonly severity_number: number;
  /** The client's own id; empty where it sent none. */
  readonly id: string;
  /** Built-in and declared fields that are there, by name. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Every other key with its value as JSON without spaces. */
  readonly attributes: ReadonlyMap<string, string>;
}

/**
 * Why a line is refused as an event of this type; undefined where it is taken.
 *
 * @param line without its end
 * @param receivedAt nanoseconds since the epoch
 */
export function checkEvent(
  eventType: EventTypeDeclaration,
  line: Uint8Array,
  receivedAt: bigint,
): Refusal | undefined {
  const checked = check(inputPlanOf(eventType), line, receivedAt);
  return isRefusal(checked) ? checked : undefined;
}

/**
 * What is stored of a line as an event of this type, or why it is refused: what the engine makes of it too, which a test
 * shows with generated lines. Seven differences are left:
 * - A time that only the engine's best effort reads (`20 Nov 2026`, `20261120081530`, hour 25) is `bad:timestamp` here.
 * - Where a key that means something is there twice, only its first value counts here. The engine refuses an event for a
 *   later one too, and takes a later one for the first that is null.
 * - Where `timestamp` is null in a flat line, the engine also keeps the key that stands for it as an attribute.
 * - A string of a number beyond a double (`"1e400"`) is `type:<field>` here, infinite there.
 * - In a flat line the engine overlooks a float or a truth of a wrong type whose key is followed by a space.
 * - Arrays may be nested deeper than 64 levels in a flat line, to the engine.
 * - Where a key has a quote in it, the engine may find an alias's value in the field and in the attributes.
 *
 * @param line without its end
 * @param receivedAt nanoseconds since the epoch
 */
export function mapEvent(
  eventType: EventTypeDeclaration,
  line: Uint8Array,
  receivedAt: bigint,
): MappedEvent | Refusal {
  const plan = inputPlanOf(eventType);
  const checked = check(plan, line, receivedAt);
  return isRefusal(checked) ? checked : columnsOf(plan, checked, receivedAt);
}

function check(plan: InputPlan, line: Uint8Array, receivedAt: bigint): ReadEvent | Refusal {
  const read = readOrRefuse(line);
  if (isRefusal(read)) return read;
  if (read.members === undefined)
    return {
      reason: 'not_object',
      message: 'It is JSON, but no object.',
      mend: 'Send each event as one JSON object: {"message": "…"}.',
    };
  const event = readEvent(plan, read);
  return judgeEvent(plan, event, { depth: read.depth, receivedAt }) ?? event;
}

function readOrRefuse(line: Uint8Array): JsonLine | Refusal {
  try {
    return readJsonLine(line);
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return {
      reason: 'not_json',
      message: `It is not JSON: ${error.message} (at character ${error.at}).`,
      mend: 'Send one whole JSON object in UTF-8 for each event.',
    };
  }
}

function columnsOf(plan: InputPlan, { values, free }: ReadEvent, receivedAt: bigint): MappedEvent {
  const fields = new Map<string, FieldValue>();
  plan.fields.forEach((field, slot) => {
    const sent = values[slot];
    if (sent === undefined || isUnfitting(field, sent.text)) return;
    const value = columnValue(field.type, sent);
    if (value !== undefined) fields.set(field.name, value);
  });
  const [type, id, time] = [fields.get('event_type'), fields.get('id'), values[plan.timeSlot]];
  fields.delete('event_type');
  fields.delete('id');
  return {
    timestamp: (time && readEventTime(time.text)) ?? receivedAt,
    event_type: String(type ?? plan.eventType.name),
    severity_number: severityNumber(String(fields.get('level') ?? '')),
    id: String(id ?? ''),
    fields,
    attributes: attributesOf(free),
  };
}

function attributesOf(free: ReadEvent['free']): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const member of free) if (!attributes.has(member.key)) attributes.set(member.key, jsonOf(member));
  return attributes;
}
