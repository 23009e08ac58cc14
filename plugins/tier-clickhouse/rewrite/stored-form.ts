import type { EventTypeDeclaration } from '#event-model';
import { parseExactJson, type StoredForm } from '#plugin-kit';
import { fieldNamed } from '../schema/columns.js';
import { quoteName, quoteText } from '../schema/names.js';
import { TEXT_SHAPE } from '../schema/text-lines.js';
import type { EventRow } from '../search/stored-event.js';

const IS_TEXT_ROW = `shape = ${quoteText(TEXT_SHAPE)}`;

/** The event's {@link StoredForm}. */
export const FORM = `multiIf(${IS_TEXT_ROW} AND raw != '', 'text', ${IS_TEXT_ROW}, 'message', raw != '', 'json', 'json_remade')`;

/** Who read a text line; empty for JSON, whatever it says of itself. */
export function lineParser(eventType: EventTypeDeclaration): string {
  const field = fieldNamed(eventType, 'parser');
  const name = field ? `toString(${quoteName(field.name)})` : "JSONExtractString(attributes['parser'])";
  return `if(${IS_TEXT_ROW}, ifNull(${name}, ''), '')`;
}

/** {@link FORM} of a row. */
export function formOf({ shape, _raw }: EventRow): StoredForm {
  if (shape === TEXT_SHAPE) return _raw === '' ? 'message' : 'text';
  return _raw === '' ? 'json_remade' : 'json';
}

/** {@link lineParser} of a row. */
export function parserOf(eventType: EventTypeDeclaration, row: EventRow): string {
  if (row.shape !== TEXT_SHAPE) return '';
  const field = fieldNamed(eventType, 'parser');
  if (field) return String(row[field.name] ?? '');
  const raw = row.attributes['parser'] ?? '';
  return raw.startsWith('"') ? String(parseExactJson(raw)) : '';
}
