import type { FieldDeclaration } from '#event-model';
import { MAX_AHEAD, MAX_ATTRIBUTES, MAX_KEY_BYTES, MAX_LEVELS, OLDEST_TIME } from './event-limits.js';
import { readEventTime } from './event-time.js';
import { takesValue } from './field-value.js';
import type { InputPlan } from './input-plan.js';
import { jsonOf, type JsonMember } from './json-value.js';
import type { ReadEvent } from './read-event.js';
import type { Refusal } from './refusal.js';

const SHOWN = 60;

/** Why an event is refused, the first reason of the engine's order; undefined where it is taken. */
export function judgeEvent(
  plan: InputPlan,
  event: ReadEvent,
  { depth, receivedAt }: { readonly depth: number; readonly receivedAt: bigint },
): Refusal | undefined {
  return (
    judgeTime(event.values[plan.timeSlot], receivedAt) ??
    judgePresence(plan, event) ??
    judgeTypes(plan, event.declared) ??
    judgeKeys(event.free) ??
    judgeDepth(depth)
  );
}

function judgeTime(sent: JsonMember | undefined, receivedAt: bigint): Refusal | undefined {
  if (sent === undefined) return undefined;
  const time = readEventTime(sent.text);
  if (time === undefined)
    return {
      reason: 'bad:timestamp',
      message: `"${sent.key}" is no time: ${shown(sent)}.`,
      mend: 'Send RFC 3339 (2026-11-20T08:15:30.123Z), or seconds, milliseconds, microseconds or nanoseconds since 1970 in 10, 13, 16 or 19 digits.',
      field: 'timestamp',
    };
  if (time >= OLDEST_TIME && time <= receivedAt + MAX_AHEAD) return undefined;
  return {
    reason: 'range:timestamp',
    message: `"${sent.key}" is before 1980 or more than a day ahead: ${shown(sent)}.`,
    mend: 'Check the clock of the sender and the unit of the number, or leave the time away: then it is the time of acceptance.',
    field: 'timestamp',
  };
}

function judgePresence(plan: InputPlan, { values }: ReadEvent): Refusal | undefined {
  const missing = plan.fields.find((field, slot) => field.required && (values[slot]?.text ?? '') === '');
  return (
    missing && {
      reason: `missing:${missing.name}`,
      message: `"${missing.name}" is required by the type ${plan.eventType.name} and not there, null or empty.`,
      mend: `Send it as ${[missing.name, ...(missing.aliases ?? [])].map((key) => `"${key}"`).join(' or ')}.`,
      field: missing.name,
    }
  );
}

function judgeTypes(plan: InputPlan, declared: readonly JsonMember[]): Refusal | undefined {
  for (const member of declared) {
    const field = plan.keys.get(member.key)?.field;
    if (field && !takesValue(field.type, member)) return wrongType(field, member);
  }
  return undefined;
}

const WANTED: Readonly<Partial<Record<FieldDeclaration['type'], string>>> = {
  float64: 'a number',
  int64: 'an integer from -2^63 to 2^63 - 1',
  uint16: 'an integer from 0 to 65535',
  uint64: 'an integer from 0 to 2^64 - 1',
  bool: 'true or false',
};

function wrongType(field: FieldDeclaration, member: JsonMember): Refusal {
  const wanted = WANTED[field.type] ?? 'text';
  return {
    reason: `type:${field.name}`,
    message: `"${member.key}" is not ${wanted}: ${shown(member)}.`,
    mend: `Send ${wanted}, or null, or send it under a key that the type does not declare.`,
    field: field.name,
  };
}

function judgeKeys(free: readonly JsonMember[]): Refusal | undefined {
  if (free.length > MAX_ATTRIBUTES)
    return {
      reason: 'limit:keys',
      message: `It has ${free.length} attributes; ${MAX_ATTRIBUTES} are the most.`,
      mend: 'Send fewer keys, or put those that belong together into an object: only the outermost keys count.',
    };
  const long = free.find(
    ({ key }) => key.length * 3 > MAX_KEY_BYTES && Buffer.byteLength(key) > MAX_KEY_BYTES,
  );
  return (
    long && {
      reason: 'limit:key_length',
      message: `A key is ${Buffer.byteLength(long.key)} bytes long; ${MAX_KEY_BYTES} are the most: "${long.key.slice(0, SHOWN)}…".`,
      mend: 'Shorten the key; a value may be as long as the line.',
    }
  );
}

function judgeDepth(depth: number): Refusal | undefined {
  if (depth <= MAX_LEVELS) return undefined;
  return {
    reason: 'limit:depth',
    message: `It is nested ${depth} levels deep; ${MAX_LEVELS} are the most.`,
    mend: 'Send a flatter object, or the deep part as a string of JSON.',
  };
}

function shown(member: JsonMember): string {
  const json = jsonOf(member);
  return json.length <= SHOWN ? json : `${json.slice(0, SHOWN)}…`;
}
