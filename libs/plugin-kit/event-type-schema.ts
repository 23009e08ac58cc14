import {
  BUILT_IN_FIELDS,
  TIMESTAMP_KEYS,
  type EventTypeDeclaration,
  type FieldDeclaration,
} from '#event-model';
import { fieldTypeSchema, type JsonSchema } from './field-types.js';

const TIMESTAMP: JsonSchema = {
  oneOf: [{ type: 'string', format: 'date-time' }, { type: 'number' }],
  description: `When it happened: RFC 3339, or a number of seconds, milliseconds, microseconds or nanoseconds since the epoch. Default: when it was received. Also read from: ${TIMESTAMP_KEYS.slice(1).join(', ')}.`,
};

const ID: JsonSchema = {
  oneOf: [{ type: 'string' }, { type: 'number' }],
  description: "The client's own id of the event: one that is sent twice is stored once.",
};

/**
 * JSON Schema of an event of this type as a client may send it. Fits OpenAPI 3.0 too. Keys beyond it are allowed: they
 * are kept under `attributes`.
 */
export function eventTypeJsonSchema(declaration: EventTypeDeclaration): JsonSchema {
  const fields = [...BUILT_IN_FIELDS, ...declaration.fields];
  const required = fields.filter((field) => field.required);
  return {
    type: 'object',
    title: declaration.title,
    description: declaration.description,
    properties: {
      timestamp: TIMESTAMP,
      id: ID,
      event_type: eventTypeSchema(declaration.name),
      ...Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    },
    additionalProperties: true,
    ...(required.length > 0 && { allOf: required.map(presence) }),
    example: declaration.example,
  };
}

function eventTypeSchema(name: string): JsonSchema {
  return { type: 'string', description: `What kind of event it is. Default: ${name}.` };
}

function fieldSchema(field: FieldDeclaration): JsonSchema {
  return { ...fieldTypeSchema(field.type), description: field.description + aliasNote(field.aliases ?? []) };
}

function aliasNote(aliases: readonly string[]): string {
  return aliases.length > 0 ? ` Also read from: ${aliases.join(', ')}.` : '';
}

/** A required field may come under any of its keys. */
function presence(field: FieldDeclaration): JsonSchema {
  return { anyOf: [field.name, ...(field.aliases ?? [])].map((key) => ({ required: [key] })) };
}
