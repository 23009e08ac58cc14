import {
  BUILT_IN_FIELDS,
  type EventTypeDeclaration,
  type FieldDeclaration,
  type FieldType,
} from '#event-model';

/** A column as the table declares it. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly codec?: string;
}

/** Where an event is and when it came; the same in every stream. */
export const IDENTITY_COLUMNS: readonly Column[] = [
  { name: 'block', type: 'FixedString(16)' },
  { name: 'row', type: 'UInt32' },
  { name: 'received_at', type: "DateTime64(9, 'UTC')" },
  { name: 'source', type: 'LowCardinality(String)' },
  { name: 'generation', type: 'UInt16' },
];

/** What every event has besides its fields. */
export const EVENT_COLUMNS: readonly Column[] = [
  { name: 'timestamp', type: "DateTime64(9, 'UTC')", codec: 'Delta, ZSTD(1)' },
  { name: 'event_type', type: 'LowCardinality(String)' },
  { name: 'severity_number', type: 'UInt8' },
  { name: 'id', type: 'String' },
  { name: 'attributes', type: 'Map(LowCardinality(String), String)' },
  { name: 'shape', type: 'LowCardinality(String)' },
  { name: 'raw', type: 'String', codec: 'ZSTD(3)' },
];

/**
 * Columns of field types. Text is never NULL: an absent one is empty, and an event that sent an empty one keeps its
 * bytes. Numbers are NULL where absent.
 */
const COLUMN_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'String',
  keyword: 'LowCardinality(String)',
  string: 'String',
  hex16: 'FixedString(16)',
  hex8: 'FixedString(8)',
  float64: 'Nullable(Float64)',
  int64: 'Nullable(Int64)',
  uint16: 'Nullable(UInt16)',
  uint64: 'Nullable(UInt64)',
  bool: 'Nullable(Bool)',
};

/** All fields of a type: the built-in ones, then its own. */
export function fieldsOf(eventType: EventTypeDeclaration): readonly FieldDeclaration[] {
  return [...BUILT_IN_FIELDS, ...eventType.fields];
}

/** The field that a name in a question means: one of that name, else one that is read from that key. */
export function fieldNamed(eventType: EventTypeDeclaration, name: string): FieldDeclaration | undefined {
  const fields = fieldsOf(eventType);
  return (
    fields.find((field) => field.name === name) ??
    fields.find(({ aliases }) => aliases?.includes(name) ?? false)
  );
}

export function columnType(type: FieldType): string {
  return COLUMN_TYPES[type];
}

/** Every column of a stream's table, in order. */
export function columnsOf(eventType: EventTypeDeclaration): readonly Column[] {
  const fields = fieldsOf(eventType).map(({ name, type }) => ({ name, type: columnType(type) }));
  return [...IDENTITY_COLUMNS, ...EVENT_COLUMNS, ...fields];
}
