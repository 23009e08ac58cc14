import { parseBlockId, formatEventId, type FieldDeclaration, type FieldType } from '#event-model';
import { parseExactJson, type StoredEvent, type StreamSpec } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';
import { quoteName } from '../schema/names.js';
import { TEXT_SHAPE } from '../schema/text-lines.js';

/** A row of {@link eventColumns}: text for what is text, the engine's text for 64-bit integers. */
export type EventRow = Readonly<Record<string, unknown>> & {
  readonly _block: string;
  readonly row: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly shape: string;
  /** The kept bytes; in base64 where they are no UTF-8. */
  readonly _raw: string;
  readonly _raw_is_utf8: 0 | 1;
};

const IS_HEX = /^hex/;
/** What a column of bytes is selected as; no other column's name has a dot. */
const hexName = (name: string): string => `hex.${name}`;

/** What a search selects, so that {@link toStoredEvent} can show it. */
export function eventColumns(stream: StreamSpec): string {
  const fields = fieldsOf(stream.eventType).map(({ name, type }) =>
    IS_HEX.test(type) ? `lower(hex(${quoteName(name)})) AS ${quoteName(hexName(name))}` : quoteName(name),
  );
  return [
    'lower(hex(block)) AS _block',
    'row',
    'toString(timestamp) AS _timestamp',
    'toString(received_at) AS _received_at',
    'source',
    'event_type',
    'severity_number',
    'id',
    'attributes',
    'shape',
    'isValidUTF8(raw) AS _raw_is_utf8',
    'if(_raw_is_utf8, raw, base64Encode(raw)) AS _raw',
    ...fields,
  ].join(', ');
}

/** An event as the API shows it. Absent fields are left out. */
export function toStoredEvent(stream: StreamSpec, row: EventRow): StoredEvent {
  return eventReader(stream)(row);
}

/** What {@link toStoredEvent} does, for many rows of one stream. */
export function eventReader({ tenant, name: stream, eventType }: StreamSpec): (row: EventRow) => StoredEvent {
  const fields = fieldsOf(eventType);
  return (row) => {
    const block = parseBlockId(row._block);
    if (!block) throw new Error(`The engine answered with a block id that is none: ${row._block}`);
    const event: StoredEvent & Record<string, unknown> = {
      event_id: formatEventId(block, row.row),
      tenant,
      stream,
      source: String(row['source']),
      timestamp: toRfc3339(String(row['_timestamp'])),
      observed_timestamp: toRfc3339(String(row['_received_at'])),
      event_type: String(row['event_type']),
      severity_number: row['severity_number'],
    };
    if (row['id'] !== '') event['id'] = row['id'];
    addFields(event, fields, row);
    event['attributes'] = attributesOf(row);
    return Object.assign(event, keptBytes(row));
  };
}

/**
 * The event as it was sent: from its bytes where they were kept, else made again from columns, attributes and shape. Of a
 * text line it is the line; where that is no UTF-8, with U+FFFD for what isn't (`raw_base64` has the bytes).
 */
export function sentEvent(stream: StreamSpec, row: EventRow): unknown {
  if (row.shape === TEXT_SHAPE) return sentText(row);
  if (row._raw !== '') return parseExactJson(row._raw);
  const event: Record<string, unknown> = emptyObject();
  for (const { key, value } of sentFields(stream, row)) event[key] = value;
  const attributes = attributesOf(row);
  return hasNestedAttributes(row) ? Object.assign(event, { attributes }) : withAll(event, attributes);
}

/** A field under the key that it was sent by. */
export interface SentField {
  readonly key: string;
  readonly value: unknown;
  /** Absent for what every event has besides its fields. */
  readonly type?: FieldType;
}

/** What a JSON event was sent with besides its attributes. */
export function sentFields(stream: StreamSpec, row: EventRow): readonly SentField[] {
  const renamed = renamings(row);
  const sent: SentField[] = [];
  if (row['_timestamp'] !== row['_received_at'] || renamed.has('timestamp'))
    sent.push({
      key: renamed.get('timestamp') || 'timestamp',
      value: toRfc3339(String(row['_timestamp'])),
    });
  if (row['event_type'] !== stream.eventType.name || renamed.has('event_type'))
    sent.push({ key: 'event_type', value: row['event_type'] });
  if (row['id'] !== '') sent.push({ key: 'id', value: row['id'] });
  const inherited = inheritedFields(stream, row);
  for (const field of fieldsOf(stream.eventType)) {
    const value = fieldValue(field, row);
    if (value === undefined || inherited.has(field.name)) continue;
    sent.push({ key: renamed.get(field.name) ?? field.name, value, type: field.type });
  }
  return sent;
}

/** Whether the attributes were sent in an object of that name. */
export function hasNestedAttributes(row: EventRow): boolean {
  return renamings(row).has('attributes');
}

function renamings(row: EventRow): ReadonlyMap<string, string> {
  return new Map<string, string>(row.shape.split(',').map(renaming));
}

/** Fields that the row was stored without, by a version of its type before them: what was sent is the attribute. */
function inheritedFields({ eventType }: StreamSpec, row: EventRow): ReadonlySet<string> {
  const later = eventType.fields.filter(({ since }) => since !== undefined);
  return new Set(later.filter((field) => isInherited(field, row)).map(({ name }) => name));
}

function isInherited(field: FieldDeclaration, row: EventRow): boolean {
  const keys = [field.name, ...(field.aliases ?? [])];
  const raw = keys
    .filter((key) => Object.hasOwn(row.attributes, key))
    .map((key) => row.attributes[key])
    .find((value) => value !== undefined && value !== 'null');
  const value = fieldValue(field, row);
  if (raw === undefined || value === undefined) return false;
  const text = raw.startsWith('"') ? String(parseExactJson(raw)) : raw;
  return typeof value === 'number' ? Number(text) === value : text === String(value);
}

function keptBytes(row: EventRow): { readonly raw?: string; readonly raw_base64?: string } {
  if (row._raw === '') return {};
  return row._raw_is_utf8 ? { raw: row._raw } : { raw_base64: row._raw };
}

/** A text line that is its message is kept as that. */
function sentText(row: EventRow): unknown {
  if (row._raw === '') return row['message'];
  return row._raw_is_utf8 ? row._raw : Buffer.from(row._raw, 'base64').toString('utf8');
}

function renaming(part: string): [string, string] {
  const [name = '', key = ''] = part.split('=');
  return [name, key];
}

/** Adds the fields that the row has. */
function addFields<T extends Record<string, unknown>>(
  target: T,
  fields: readonly FieldDeclaration[],
  row: EventRow,
): T {
  for (const field of fields) {
    const value = fieldValue(field, row);
    if (value !== undefined) (target as Record<string, unknown>)[field.name] = value;
  }
  return target;
}

function fieldValue({ name, type }: FieldDeclaration, row: EventRow): unknown {
  if (type === 'hex16' || type === 'hex8') {
    const hex = String(row[hexName(name)]);
    return /^0*$/.test(hex) ? undefined : hex;
  }
  const value = row[name];
  if (value === '' || value === null || value === undefined) return undefined;
  return type === 'int64' || type === 'uint64' ? safeInteger(String(value)) : value;
}

function attributesOf(row: EventRow): Record<string, unknown> {
  const attributes: Record<string, unknown> = emptyObject();
  for (const [key, raw] of Object.entries(row.attributes)) attributes[key] = parseExactJson(raw);
  return attributes;
}

function safeInteger(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** Without a prototype, so that a key named `__proto__` is only a key. */
function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/** A null that repeats a field's key is an attribute too: what came first counts. */
function withAll(target: Record<string, unknown>, values: Record<string, unknown>): Record<string, unknown> {
  for (const [key, value] of Object.entries(values)) if (!(key in target)) target[key] = value;
  return target;
}

function toRfc3339(text: string): string {
  return `${text.replace(' ', 'T')}Z`;
}
