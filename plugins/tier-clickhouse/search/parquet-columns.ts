import { BUILT_IN_FIELDS, type FieldType } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';
import { quoteName } from '../schema/names.js';
import type { BoundValues } from './bound-values.js';
import { fieldTerm } from './field-term.js';

/** A column of the file: its type, and how a stream's row gives its value. */
interface ParquetColumn {
  readonly name: string;
  readonly type: string;
  readonly value: (stream: StreamSpec, values: BoundValues) => string;
}

const TEXT = 'Nullable(String)';
const TIME = "DateTime64(9, 'UTC')";
const NUMBERS: Readonly<Partial<Record<FieldType, string>>> = {
  float64: 'Nullable(Float64)',
  int64: 'Nullable(Int64)',
  uint16: 'Nullable(UInt16)',
  uint64: 'Nullable(UInt64)',
  bool: 'Nullable(Bool)',
};
/** Columns that every event has, whatever its stream declares. */
const FIXED: Readonly<Record<string, readonly [type: string, value: string]>> = {
  timestamp: [TIME, 'timestamp'],
  observed_timestamp: [TIME, 'received_at'],
  severity_number: ['UInt8', 'severity_number'],
  attributes: ['Map(String, String)', 'attributes'],
  raw: [TEXT, "if(raw != '' AND isValidUTF8(raw), raw, NULL)"],
  raw_base64: [TEXT, 'if(isValidUTF8(raw), NULL, base64Encode(raw))'],
};
const BEFORE = ['event_id', 'tenant', 'stream', 'source', 'timestamp', 'observed_timestamp', 'event_type'];
const AFTER = ['attributes', 'raw', 'raw_base64'];

/** The columns of a file over these streams: those named, else all that their events can have. */
export function parquetColumns(
  streams: readonly StreamSpec[],
  named: readonly string[] | undefined,
): readonly ParquetColumn[] {
  if (named) return [...new Set(named)].map((name) => toColumn(name, typeInAll(name, streams)));
  const declared = [...BUILT_IN_FIELDS, ...streams.flatMap(({ eventType }) => eventType.fields)];
  const names = [...BEFORE, 'severity_number', 'id', ...declared.map(({ name }) => name), ...AFTER];
  return [...new Set(names)].map((name) => toColumn(name, typeInAny(name, streams)));
}

/** What is selected of one stream for the columns, in their order and of their types. */
export function renderColumns(
  columns: readonly ParquetColumn[],
  stream: StreamSpec,
  values: BoundValues,
): string {
  return columns
    .map(({ name, type, value }) => `CAST(${value(stream, values)}, ${quote(type)}) AS ${quoteName(name)}`)
    .join(', ');
}

function toColumn(name: string, number: string | undefined): ParquetColumn {
  const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined;
  if (fixed) return { name, type: fixed[0], value: () => fixed[1] };
  if (number !== undefined)
    return {
      name,
      type: number,
      value: (stream) => (typeOf(name, stream) === number ? quoteName(name) : 'NULL'),
    };
  return {
    name,
    type: TEXT,
    value: (stream, values) => `nullIf(${fieldTerm(name, stream, values).text}, '')`,
  };
}

/** The number type that all streams declare the field with; an undeclared one may be an attribute of any kind. */
function typeInAll(name: string, streams: readonly StreamSpec[]): string | undefined {
  const types = new Set(streams.map((stream) => typeOf(name, stream)));
  return types.size === 1 ? [...types][0] : undefined;
}

/** The number type of the streams that declare the field; where others have attributes of its name, they stand in the map. */
function typeInAny(name: string, streams: readonly StreamSpec[]): string | undefined {
  const declaring = streams.filter(({ eventType }) => eventType.fields.some((field) => field.name === name));
  return typeInAll(name, declaring);
}

function typeOf(name: string, stream: StreamSpec): string | undefined {
  const field = fieldsOf(stream.eventType).find((each) => each.name === name);
  return field && NUMBERS[field.type];
}

function quote(type: string): string {
  return `'${type.replaceAll("'", "\\'")}'`;
}
