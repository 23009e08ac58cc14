import {
  BUILT_IN_FIELDS,
  parseTime,
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
  type FieldDeclaration,
} from '#event-model';
import { fieldTypeAccepts } from './field-types.js';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Why an event, as a client would send it, doesn't fit its declaration; empty where it does. For examples and samples:
 * on the way in the engine judges.
 */
export function eventProblems(declaration: EventTypeDeclaration, event: JsonObject): readonly string[] {
  return [
    ...timeProblems(event),
    ...[...BUILT_IN_FIELDS, ...declaration.fields].flatMap((field) => fieldProblems(field, event)),
  ];
}

/** The key under which an event carries a field: its name, else the first alias there is; null means absent. */
export function keyOfField(field: FieldDeclaration, event: JsonObject): string | undefined {
  return [field.name, ...(field.aliases ?? [])].find((key) => isThere(event, key));
}

function isThere(event: JsonObject, key: string): boolean {
  return Object.hasOwn(event, key) && event[key] !== null;
}

function timeProblems(event: JsonObject): readonly string[] {
  const key = TIMESTAMP_KEYS.find((name) => isThere(event, name));
  if (key === undefined) return [];
  const value = event[key];
  const readable = (typeof value === 'string' || typeof value === 'number') && parseTime(value) !== undefined;
  return readable ? [] : [`"${key}" is no time`];
}

function fieldProblems(field: FieldDeclaration, event: JsonObject): readonly string[] {
  const key = keyOfField(field, event);
  if (key === undefined) return field.required ? [`"${field.name}" is required and missing`] : [];
  return fieldTypeAccepts(field.type, event[key]) ? [] : [`"${key}" is not of type ${field.type}`];
}
