import { formatTimestamp, type FieldDeclaration } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { fieldsOf, type EventView } from '../documents/event-view.js';
import { attributeText, rawAttribute } from './attribute-text.js';

/** How the values of a field compare. */
type TermKind = 'text' | 'string' | 'number' | 'bool' | 'hex' | 'time' | 'attribute';

/** What a field's name stands for in the questions about one stream. */
export interface Term {
  readonly name: string;
  readonly kind: TermKind;
  readonly field?: FieldDeclaration;
  /** The value as text; undefined where the event has none. */
  readonly text: (view: EventView) => string | undefined;
  /** Of times and numbers: what compares. */
  readonly value?: (view: EventView) => number | bigint | undefined;
}

type Read = (view: EventView) => string | undefined;

const ATTRIBUTES = 'attributes.';
const KINDS: Readonly<Record<FieldDeclaration['type'], TermKind>> = {
  text: 'text',
  keyword: 'string',
  string: 'string',
  hex16: 'hex',
  hex8: 'hex',
  float64: 'number',
  int64: 'number',
  uint16: 'number',
  uint64: 'number',
  bool: 'bool',
};

const IDENTITY: Readonly<Record<string, Read>> = {
  event_id: ({ document }) => document._id,
  source: ({ document }) => document.source,
  event_type: ({ event }) => event.event_type,
  id: ({ event }) => event.id || undefined,
  raw: ({ document }) => (typeof document.raw === 'string' ? document.raw : undefined),
  stream: ({ stream }) => stream.name,
  tenant: ({ stream }) => stream.tenant,
};

/** Looks a name up: in the event's identity, then the declaration with its aliases, else among the attributes. */
export function termOf(name: string, stream: StreamSpec): Term {
  const text = Object.hasOwn(IDENTITY, name) ? IDENTITY[name] : undefined;
  if (text) return { name, kind: 'string', text };
  if (name === 'timestamp') return timeTerm(name, ({ timestamp }) => timestamp);
  if (name === 'observed_timestamp') return timeTerm(name, ({ observed }) => observed);
  if (name === 'severity_number') return numberTerm(name, ({ event }) => event.severity_number);
  const field = fieldNamed(stream, name);
  return field ? declaredTerm(name, field) : attributeTerm(name);
}

function fieldNamed(stream: StreamSpec, name: string): FieldDeclaration | undefined {
  const fields = fieldsOf(stream);
  return fields.find((field) => field.name === name) ?? fields.find(({ aliases }) => aliases?.includes(name));
}

function declaredTerm(name: string, field: FieldDeclaration): Term {
  const kind = KINDS[field.type];
  const read: Read = ({ event }) => {
    const value = event.fields.get(field.name);
    return value === undefined ? undefined : String(value);
  };
  if (kind === 'number')
    return {
      ...numberTerm(name, ({ event }) => event.fields.get(field.name) as number | bigint | undefined),
      field,
    };
  // A value that can't stand in the field was kept as an attribute.
  const text: Read = kind === 'hex' ? (view) => read(view) ?? attribute(view, field.name) : read;
  return { name, kind, field, text };
}

function attributeTerm(name: string): Term {
  const key = name.startsWith(ATTRIBUTES) ? name.slice(ATTRIBUTES.length) : name;
  return { name, kind: 'attribute', text: (view) => attribute(view, key) };
}

function attribute({ event }: EventView, key: string): string | undefined {
  const raw = rawAttribute(event.attributes, key);
  return raw === undefined || raw === 'null' ? undefined : attributeText(raw);
}

function numberTerm(name: string, value: NonNullable<Term['value']>): Term {
  const text: Read = (view) => {
    const number = value(view);
    return number === undefined ? undefined : String(number);
  };
  return { name, kind: 'number', value, text };
}

function timeTerm(name: string, value: (view: EventView) => bigint): Term {
  return { name, kind: 'time', value, text: (view) => formatTimestamp(value(view)) };
}
