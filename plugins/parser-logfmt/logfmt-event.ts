import { BUILT_IN_FIELDS, TIMESTAMP_KEYS } from '#event-model';
import { addField, losslessNumber, type KeyValue } from '#plugin-kit';

/** An event in the making: keys in the order of the line. */
export type LogfmtEvent = Record<string, unknown>;

/** Keys that mean fields of every event, and are texts. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...BUILT_IN_FIELDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
  ...TIMESTAMP_KEYS,
  'event_type',
]);
/** Of a client's event it makes a repeat a double; of a line it is an attribute like any other. */
const CLIENT_ID = 'id';
const MESSAGE_KEYS = ['message', ...(BUILT_IN_FIELDS.find(({ name }) => name === 'message')?.aliases ?? [])];

/** The name of a key that can't mean the event's own field. */
export function otherName(key: string): string {
  return `logfmt.${key}`;
}

/**
 * Adds a member under its key, by which the event type finds it. Bare numbers and `true` and `false` have their types
 * where nothing is lost; a flag is true. What a built-in field can't be goes under another name.
 */
export function addMember(event: LogfmtEvent, { key, value, isQuoted }: KeyValue): void {
  const isBuiltIn = BUILT_IN.has(key);
  if (isBuiltIn && value !== undefined && !Object.hasOwn(event, key)) event[key] = value;
  else addField(event, isBuiltIn || key === CLIENT_ID ? otherName(key) : key, typed(value, isQuoted));
}

function typed(value: string | undefined, isQuoted: boolean): string | number | boolean {
  if (value === undefined) return true;
  if (isQuoted) return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return losslessNumber(value) ?? value;
}

/** Adds text that is no member to the event's message. */
export function addText(event: LogfmtEvent, text: string): void {
  const key = MESSAGE_KEYS.find((name) => Object.hasOwn(event, name)) ?? 'message';
  const before = event[key];
  event[key] = typeof before === 'string' && before !== '' ? `${before} ${text}` : text;
}
