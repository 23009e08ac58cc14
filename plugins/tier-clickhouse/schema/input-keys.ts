import {
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
  type FieldDeclaration,
  type FieldType,
} from '#event-model';
import { fieldsOf } from './columns.js';
import { quoteName, quoteText } from './names.js';
import type { Step } from './step.js';

/**
 * How a field is read from the one parse of a line where it isn't read as text. Integers are, so that 1.5, true and 70000
 * are refused where the engine would wrap or round them.
 */
export const EXTRACTED_AS: Readonly<Partial<Record<FieldType, string>>> = {
  float64: 'Nullable(Float64)',
  bool: 'Nullable(Bool)',
};

/** A declared field with the input keys that mean it. */
export interface InputField {
  readonly field: FieldDeclaration;
  readonly keys: readonly string[];
}

/** Fields that every event type reads besides its declared ones. */
const OWN_KEYS: readonly FieldDeclaration[] = [
  { name: 'event_type', type: 'keyword', description: 'Kind of event, in the client’s words.' },
  { name: 'id', type: 'string', description: 'The client’s own id of the event.' },
];

/** All fields of a type that are read from top-level keys, the timestamp aside. */
export function inputFieldsOf(eventType: EventTypeDeclaration): readonly InputField[] {
  return [...OWN_KEYS, ...fieldsOf(eventType)].map((field) => ({
    field,
    keys: [field.name, ...(field.aliases ?? [])],
  }));
}

/** The event's time as it was sent, under whichever key. */
export const SENT_TIME = quoteName('value.timestamp');

/**
 * Everything declared, in one pass over the line, and then one value for each field, from the first of its keys that is
 * there ({@link valueOf}).
 */
export function extractLevels(fields: readonly InputField[]): readonly (readonly Step[])[] {
  const elements: string[] = [];
  const element = (key: string, type: string): string =>
    `tupleElement(j, ${elements.push(`${quoteName(key)} ${type}`)})`;
  const firstOf = (name: string, keys: readonly string[], type: string): Step => {
    const found = keys.map((key) => element(key, type));
    return [`value.${name}`, found.length === 1 ? (found[0] ?? '') : `coalesce(${found.join(', ')})`];
  };
  const values = [
    firstOf('timestamp', TIMESTAMP_KEYS, 'Nullable(String)'),
    ...fields.map(({ field, keys }) =>
      firstOf(field.name, keys, EXTRACTED_AS[field.type] ?? 'Nullable(String)'),
    ),
  ];
  return [[['j', `JSONExtract(line, ${quoteText(`Tuple(${elements.join(', ')})`)})`]], values];
}

/** The field's value, whichever key it came by. */
export function valueOf(field: FieldDeclaration): string {
  return quoteName(`value.${field.name}`);
}
