import type { FieldType } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import { TEXT_SHAPE } from '../schema/text-lines.js';
import { hasNestedAttributes, sentFields, type EventRow, type SentField } from './stored-event.js';

/** Integers that JavaScript has as text where they are long. */
const LONG: readonly (FieldType | undefined)[] = ['int64', 'uint64'];

/**
 * The line that an event came as: its kept bytes, the message that is the line, or JSON made again, in which numbers of
 * attributes have the very digits that were sent.
 */
export function sentLine(stream: StreamSpec, row: EventRow): Buffer {
  if (row._raw !== '') return Buffer.from(row._raw, row._raw_is_utf8 ? 'utf8' : 'base64');
  if (row.shape === TEXT_SHAPE) return Buffer.from(String(row['message']));
  return Buffer.from(remadeJson(stream, row));
}

function remadeJson(stream: StreamSpec, row: EventRow): string {
  const fields = sentFields(stream, row);
  const keys = new Set(fields.map(({ key }) => key));
  const isNested = hasNestedAttributes(row);
  const attributes = Object.entries(row.attributes)
    .filter(([key]) => isNested || !keys.has(key))
    .map(([key, raw]) => `${JSON.stringify(key)}:${raw}`);
  const free = isNested ? [`"attributes":{${attributes.join(',')}}`] : attributes;
  return `{${[...fields.map(memberOf), ...free].join(',')}}`;
}

function memberOf({ key, value, type }: SentField): string {
  return `${JSON.stringify(key)}:${LONG.includes(type) ? String(value) : JSON.stringify(value)}`;
}
