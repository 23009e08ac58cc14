import type { FieldType } from '#event-model';

/** The part of JSON Schema (and of OpenAPI 3.0) that a field needs. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** What a declared type means for a value in a client's JSON. */
interface FieldTypeRule {
  readonly schema: JsonSchema;
  accepts(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const text: FieldTypeRule = { schema: { type: 'string' }, accepts: isText };

/** A number that JSON carried whole: beyond 2^53 a JavaScript number can't tell, and the engine judges the digits. */
function isIntegerIn(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}

function hex(digits: number): FieldTypeRule {
  const pattern = `^[0-9a-fA-F]{${digits}}$`;
  const form = new RegExp(pattern);
  return {
    schema: { type: 'string', pattern },
    accepts: (value) => typeof value === 'string' && form.test(value),
  };
}

const FIELD_TYPES: Readonly<Record<FieldType, FieldTypeRule>> = {
  text,
  keyword: text,
  string: text,
  hex16: hex(32),
  hex8: hex(16),
  float64: {
    schema: { type: 'number', format: 'double' },
    accepts: (value) => typeof value === 'number' && Number.isFinite(value),
  },
  int64: {
    schema: { type: 'integer', format: 'int64' },
    accepts: (value) => isIntegerIn(value, -(2 ** 63), 2 ** 63),
  },
  uint16: {
    schema: { type: 'integer', minimum: 0, maximum: 65_535 },
    accepts: (value) => isIntegerIn(value, 0, 65_535),
  },
  uint64: {
    schema: { type: 'integer', format: 'int64', minimum: 0 },
    accepts: (value) => isIntegerIn(value, 0, 2 ** 64),
  },
  bool: { schema: { type: 'boolean' }, accepts: (value) => typeof value === 'boolean' },
};

/** Names of the types a field may be declared with. */
export const FIELD_TYPE_NAMES = Object.keys(FIELD_TYPES) as [FieldType, ...FieldType[]];

/** JSON Schema of a value of this type. */
export function fieldTypeSchema(type: FieldType): JsonSchema {
  return FIELD_TYPES[type].schema;
}

/** Whether a parsed JSON value fits the type. */
export function fieldTypeAccepts(type: FieldType, value: unknown): boolean {
  return FIELD_TYPES[type].accepts(value);
}
