import { parseTime, TIMESTAMP_KEYS, type EventTypeDeclaration, type FieldDeclaration } from '#event-model';
import { inputFieldsOf } from '../../schema/input-keys.js';
import { fieldVerdict } from './field-verdict.js';
import { readLine, type ReadLine } from './reference-json.js';
import { difference } from './same-json.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** What the tier made of a line. */
export type Outcome =
  | { readonly kind: 'stored'; readonly original: unknown; readonly timestamp: bigint }
  | { readonly kind: 'refused'; readonly reason: string };

const RFC3339 =
  /^(?:19[89]\d|20[0-2]\d)-(?:0\d|1[0-2])-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,9})?Z$/;
const DAY_NS = 86_400_000_000_000n;
const OLDEST = 315_532_800_000_000_000n;
/** Levels of nesting, keys and bytes of a key that are always taken. */
const LIMITS = { depth: 60, keys: 1_900, keyLength: 256 };

/** What is wrong with the outcome of a line, in words; undefined where it is right or the design leaves it open. */
export function outcomeProblem(
  eventType: EventTypeDeclaration,
  line: Uint8Array,
  outcome: Outcome,
  received: bigint,
): string | undefined {
  const read = readLine(line);
  if (outcome.kind === 'refused') return refusalProblem(eventType, read, outcome.reason, received);
  if (read === undefined) return 'stored, but it is no JSON';
  if (!isObject(read.value)) return 'stored, but it is no object';
  if (read.hasLoneSurrogate || read.hasUnrepresentable) return 'stored, but a value of it can not be kept';
  return (
    fieldProblem(eventType, read) ??
    timeProblem(read.value, outcome) ??
    eventProblem(read.value, outcome.original)
  );
}

/** Of equal keys only the first is judged: those after it don't count. */
function fieldProblem(eventType: EventTypeDeclaration, read: ReadLine): string | undefined {
  const event = read.value as JsonObject;
  const wrong = inputFieldsOf(eventType).find(({ field, keys }) =>
    keys.some((key) => Object.hasOwn(event, key) && fieldVerdict(field.type, event[key]) === 'refused'),
  );
  if (wrong) return `stored, but ${wrong.field.name} is not of type ${wrong.field.type}`;
  const missing = inputFieldsOf(eventType).find(({ field, keys }) => field.required && !isThere(read, keys));
  return missing && `stored, but ${missing.field.name} is missing`;
}

function timeProblem(sent: JsonObject, outcome: Outcome & { kind: 'stored' }): string | undefined {
  const expected = instant(sentTime(sent)?.[1]);
  if (expected === undefined || expected === outcome.timestamp) return undefined;
  return `sent for ${expected}, stored for ${outcome.timestamp}`;
}

/** The time may be rendered in another form, all else is equal. */
function eventProblem(sent: JsonObject, original: unknown): string | undefined {
  if (!isObject(original)) return 'found as something that is no object';
  const time = sentTime(sent)?.[0];
  if (time === undefined) return difference(sent, original);
  const [a, b] = [instant(sent[time]), instant(original[time])];
  if (a === undefined ? original[time] === undefined : a !== b)
    return difference(sent[time], original[time], time);
  return difference(without(sent, time), without(original, time));
}

function refusalProblem(
  eventType: EventTypeDeclaration,
  read: ReadLine | undefined,
  ...[reason, received]: [reason: string, received: bigint]
): string | undefined {
  const [kind, name = ''] = reason.split(':');
  const field = inputFieldsOf(eventType).find((one) => one.field.name === name);
  const holds =
    read === undefined ? kind === 'not_json' : isRight(read, { kind: kind ?? '', name, field, received });
  return holds ? undefined : `refused as ${reason}, which it is not`;
}

interface Refusal {
  readonly kind: string;
  readonly name: string;
  readonly field: { readonly field: FieldDeclaration; readonly keys: readonly string[] } | undefined;
  readonly received: bigint;
}

function isRight(read: ReadLine, { kind, name, field, received }: Refusal): boolean {
  const beyond = read.hasLoneSurrogate || read.hasUnrepresentable || read.depth > LIMITS.depth;
  if (kind === 'not_json') return beyond;
  if (!isObject(read.value)) return kind === 'not_object';
  if (kind === 'bad' || kind === 'range') return isBadTime(sentTime(read.value)?.[1], kind, received);
  if (kind === 'limit') return isOverLimit(read, name);
  if (field === undefined) return false;
  if (kind === 'missing') return !isThere(read, field.keys);
  const values = read.entries.filter(([key]) => field.keys.includes(key)).map(([, value]) => value);
  return kind === 'type' && values.some((value) => fieldVerdict(field.field.type, value) !== 'taken');
}

function isBadTime(value: unknown, kind: 'bad' | 'range', received: bigint): boolean {
  const ns = instant(value);
  if (value === undefined) return false;
  if (kind === 'bad') return typeof value !== 'string' || !RFC3339.test(value);
  return ns === undefined || ns < OLDEST || ns > received + DAY_NS;
}

function isOverLimit(read: ReadLine, name: string): boolean {
  const nested = read.entries.flatMap(([key, value]) =>
    key === 'attributes' && isObject(value) ? Object.keys(value) : [],
  );
  const keys = [...read.entries.map(([key]) => key), ...nested];
  if (name === 'depth') return read.depth > LIMITS.depth;
  return name === 'keys'
    ? keys.length > LIMITS.keys
    : keys.some((key) => Buffer.byteLength(key) > LIMITS.keyLength);
}

/** Whether one of the keys has a value that is neither null nor empty. */
function isThere(read: ReadLine, keys: readonly string[]): boolean {
  const event = read.value as JsonObject;
  const value = keys.map((key) => event[key]).find((one) => one !== null && one !== undefined);
  return value !== undefined && value !== '';
}

function sentTime(event: JsonObject): readonly [key: string, value: unknown] | undefined {
  const key = TIMESTAMP_KEYS.find((name) => event[name] !== undefined && event[name] !== null);
  return key === undefined ? undefined : [key, event[key]];
}

/**
 * The instant of a sent time, where the API's reading and the engine's can't differ: not relative ones, and not fourteen
 * digits, which the engine takes for a date and a time of day.
 */
function instant(value: unknown): bigint | undefined {
  if (typeof value === 'string' && /^(now.*|\d{14})$/.test(value)) return undefined;
  return typeof value === 'string' || typeof value === 'number' ? parseTime(value) : undefined;
}

function without(event: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
