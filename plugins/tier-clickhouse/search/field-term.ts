import type { FieldDeclaration, FieldType } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { fieldNamed } from '../schema/columns.js';
import { quoteName } from '../schema/names.js';
import { attributeText, rawAttribute } from './attribute-sql.js';
import type { BoundValues } from './bound-values.js';

/** What a field's name stands for in the statements of one stream. */
export interface FieldTerm {
  readonly name: string;
  /** How its values compare. `string` stands in a column, `attribute` among the raw JSON of free fields. */
  readonly kind:
    'text' | 'string' | 'number' | 'bool' | 'hex' | 'time' | 'event_id' | 'constant' | 'attribute';
  /** The column, for kinds that have one of their own; the raw JSON of an attribute; else the value's text. */
  readonly value: string;
  /** The value as text; empty where it is absent, never NULL. */
  readonly text: string;
  /** Whether the field is there. */
  readonly present: string;
  /** The engine's type of a number; bytes of a hexadecimal column. */
  readonly numberType?: string;
  readonly bytes?: number;
}

const HEX_BYTES: Readonly<Partial<Record<FieldType, number>>> = { hex16: 16, hex8: 8 };
const NUMBERS: Readonly<Partial<Record<FieldType, string>>> = {
  float64: 'Float64',
  int64: 'Int64',
  uint16: 'UInt16',
  uint64: 'UInt64',
};
/** Columns besides the fields that hold text. */
const STRING_COLUMNS: readonly string[] = ['source', 'event_type', 'id', 'raw'];
const TIME_COLUMNS: Readonly<Record<string, string>> = {
  timestamp: 'timestamp',
  observed_timestamp: 'received_at',
};
const ATTRIBUTES = 'attributes.';

/**
 * Looks a name up: in the event's identity, then the declaration, where a key that a field is read from means the field,
 * else among the attributes.
 */
export function fieldTerm(name: string, stream: StreamSpec, values: BoundValues): FieldTerm {
  return (
    identityTerm(name, stream, values) ?? declaredTerm(name, stream, values) ?? attributeTerm(name, values)
  );
}

function identityTerm(name: string, stream: StreamSpec, values: BoundValues): FieldTerm | undefined {
  if (STRING_COLUMNS.includes(name)) return stringTerm(name, 'string');
  if (Object.hasOwn(TIME_COLUMNS, name)) return timeTerm(name, TIME_COLUMNS[name] ?? '');
  if (name === 'severity_number') return numberTerm(name, 'UInt8');
  if (name === 'event_id') {
    const text = "concat(lower(hex(block)), '-', toString(row))";
    return { name, kind: 'event_id', value: text, text, present: '1' };
  }
  if (name !== 'stream' && name !== 'tenant') return undefined;
  const text = values.bind('String', name === 'stream' ? stream.name : stream.tenant);
  return { name, kind: 'constant', value: text, text, present: '1' };
}

function declaredTerm(name: string, stream: StreamSpec, values: BoundValues): FieldTerm | undefined {
  const field = fieldNamed(stream.eventType, name);
  return field && { ...columnTerm(field, values), name };
}

function columnTerm(field: FieldDeclaration, values: BoundValues): FieldTerm {
  const numberType = NUMBERS[field.type];
  if (numberType !== undefined) return numberTerm(field.name, numberType);
  if (field.type in HEX_BYTES) return hexTerm(field, values);
  if (field.type === 'bool') return { ...numberTerm(field.name, 'Bool'), kind: 'bool' };
  return stringTerm(field.name, field.type === 'text' ? 'text' : 'string');
}

function attributeTerm(name: string, values: BoundValues): FieldTerm {
  const key = name.startsWith(ATTRIBUTES) ? name.slice(ATTRIBUTES.length) : name;
  const raw = rawAttribute(key, values);
  return {
    name,
    kind: 'attribute',
    value: raw,
    text: attributeText(raw),
    present: `(${raw} NOT IN ('', 'null'))`,
  };
}

function stringTerm(name: string, kind: 'text' | 'string'): FieldTerm {
  const value = quoteName(name);
  return { name, kind, value, text: value, present: `${value} != ''` };
}

function numberTerm(name: string, numberType: string): FieldTerm {
  const value = quoteName(name);
  const text = `ifNull(toString(${value}), '')`;
  return { name, kind: 'number', value, text, present: `isNotNull(${value})`, numberType };
}

/** A value that can't stand in the column was kept as an attribute. */
function hexTerm({ name, type }: FieldDeclaration, values: BoundValues): FieldTerm {
  const value = quoteName(name);
  const bytes = HEX_BYTES[type] ?? 0;
  const zero = `toFixedString('', ${bytes})`;
  const text = `if(${value} = ${zero}, ${attributeText(rawAttribute(name, values))}, lower(hex(${value})))`;
  return { name, kind: 'hex', value, text, present: `${text} != ''`, bytes };
}

function timeTerm(name: string, column: string): FieldTerm {
  const text = `concat(replaceOne(toString(${column}), ' ', 'T'), 'Z')`;
  return { name, kind: 'time', value: column, text, present: '1' };
}
