import type { EventTypeDeclaration, FieldDeclaration } from '#event-model';
import { TierError, type ArchiveColumn } from '#plugin-kit';
import { valueFromAttributes } from '../schema/added-columns.js';
import { columnsOf, fieldsOf, type Column } from '../schema/columns.js';
import { quoteName, quoteText } from '../schema/names.js';
import { fileType, RAW_BASE64, RAW_OF_FILE, renderStructure } from './archive-columns.js';

/** How a file is read as a part of its stream's table. */
export interface FileReading {
  /** The schema to read it with: types of the table, so that the file's statistics serve the table's conditions. */
  readonly structure: string;
  /** What to select for the table's columns, in their order. */
  readonly select: string;
}

/**
 * Brings a file to the columns of its stream's table: bytes that are no text are bytes again, and fields that the type has
 * got since are what the table makes of the attributes of an older row.
 *
 * @throws TierError `config` where the columns are none of an archive of the type
 */
export function readAsTable(eventType: EventTypeDeclaration, has: readonly ArchiveColumn[]): FileReading {
  renderStructure(has);
  const stored = new Map(has.map(({ name, type }) => [name, type]));
  const wanted = columnsOf(eventType);
  const read = wanted.flatMap((column) => {
    const type = stored.get(column.name);
    return type === undefined ? [] : [{ name: column.name, type: typeOf(column, type) }];
  });
  const bytes = stored.has(RAW_BASE64) ? [{ name: RAW_BASE64, type: 'String' }] : [];
  const fields = new Map(fieldsOf(eventType).map((field) => [field.name, field]));
  const values = wanted.map((column) => valueOf(column, stored, fields.get(column.name)));
  return {
    structure: [...read, ...bytes].map(({ name, type }) => `${quoteName(name)} ${type}`).join(', '),
    select: values.join(', '),
  };
}

function typeOf({ type }: Column, stored: string): string {
  return fileType(type) === stored ? type : stored;
}

function valueOf(
  { name, type }: Column,
  stored: ReadonlyMap<string, string>,
  field: FieldDeclaration | undefined,
): string {
  const column = quoteName(name);
  const has = stored.get(name);
  if (has === undefined) return `${missing(name, type, field)} AS ${column}`;
  if (name === 'raw' && stored.has(RAW_BASE64)) return `${RAW_OF_FILE} AS raw`;
  return fileType(type) === has ? column : `CAST(${column}, ${quoteText(type)}) AS ${column}`;
}

function missing(name: string, type: string, field: FieldDeclaration | undefined): string {
  if (!field)
    throw new TierError('config', `A file of an archive lacks the column ${name}, which every event has.`);
  const value =
    field.since === undefined ? `defaultValueOfTypeName(${quoteText(type)})` : valueFromAttributes(field);
  return `CAST(${value}, ${quoteText(type)})`;
}
