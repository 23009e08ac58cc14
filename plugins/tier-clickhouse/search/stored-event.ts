import { parseBlockId, formatEventId, type FieldDeclaration } from '#event-model';
import type { StoredEvent, StreamSpec } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';
import { quoteName } from '../schema/names.js';
import { TEXT_SHAPE } from '../schema/text-lines.js';
import { parseExactJson } from './exact-json.js';

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

/** What a search selects, so that {@link toStoredEvent} can show it. */
export function eventColumns(stream: StreamSpec): string {
  const fields = fieldsOf(stream.eventType).map(({ name, type }) =>
    IS_HEX.test(type) ? `lower(hex(${quoteName(name)})) AS ${quoteName(`_${name}`)}` : quoteName(name),
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
  const block = parseBlockId(row._block);
  if (!block) throw new Error(`The engine answered with a block id that is none: ${row._block}`);
  return {
    event_id: formatEventId(block, row.row),
    tenant: stream.tenant,
    stream: stream.name,
    source: String(row['source']),
    timestamp: toRfc3339(String(row['_timestamp'])),
    observed_timestamp: toRfc3339(String(row['_received_at'])),
    event_type: String(row['event_type']),
    severity_number: row['severity_number'],
    ...(row['id'] === '' ? {} : { id: row['id'] }),
    ...fieldValues(stream, row),
    attributes: attributesOf(row),
    ...keptBytes(row),
  };
}

/**
 * The event as it was sent: from its bytes where they were kept, else made again from columns, attributes and shape. Of a
 * text line it is the line; where that is no UTF-8, with U+FFFD for what isn't (`raw_base64` has the bytes).
 */
export function sentEvent(stream: StreamSpec, row: EventRow): unknown {
  if (row.shape === TEXT_SHAPE) return sentText(row);
  if (row._raw !== '') return parseExactJson(row._raw);
  const renamed = new Map<string, string>(row.shape.split(',').map(renaming));
  const event: Record<string, unknown> = emptyObject();
  if (row['_timestamp'] !== row['_received_at'] || renamed.has('timestamp'))
    event[renamed.get('timestamp') || 'timestamp'] = toRfc3339(String(row['_timestamp']));
  if (row['event_type'] !== stream.eventType.name || renamed.has('event_type'))
    event['event_type'] = row['event_type'];
  if (row['id'] !== '') event['id'] = row['id'];
  const inherited = inheritedFields(stream, row);
  for (const [name, value] of Object.entries(fieldValues(stream, row)))
    if (!inherited.has(name)) event[renamed.get(name) ?? name] = value;
  const attributes = attributesOf(row);
  return renamed.has('attributes') ? Object.assign(event, { attributes }) : withAll(event, attributes);
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

function fieldValues(stream: StreamSpec, row: EventRow): Record<string, unknown> {
  const values: Record<string, unknown> = emptyObject();
  for (const field of fieldsOf(stream.eventType)) {
    const value = fieldValue(field, row);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}

function fieldValue({ name, type }: FieldDeclaration, row: EventRow): unknown {
  if (IS_HEX.test(type)) {
    const hex = String(row[`_${name}`]);
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
