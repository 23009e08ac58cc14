import type { EventTypeDeclaration, FieldDeclaration, FieldType } from '#event-model';
import { columnType } from './columns.js';
import { quoteName, quoteText } from './names.js';
import { columnBytes, numberReader } from './values.js';

/**
 * What a row stored before its type had the field reads as the field: the attribute under its name or, in order, one of
 * its aliases, where that is of the field's type. The engine works it out when it reads such a row, and keeps it when it
 * merges parts.
 */
export function valueFromAttributes({ name, aliases = [], type }: FieldDeclaration): string {
  const all = [name, ...aliases].map((key) => `attributes[${quoteText(key)}]`);
  // No field's name begins so: the argument may not be called as the column that it is the default of.
  const first = `arrayFirst(_raw -> _raw NOT IN ('', 'null'), [${all.join(', ')}])`;
  const raw = all.length === 1 ? (all[0] ?? '') : first;
  return ofType(type, raw);
}

function ofType(type: FieldType, raw: string): string {
  const bytes = columnBytes(type);
  if (bytes !== undefined) return bytesOf(`JSONExtractString(${raw})`, bytes);
  if (type === 'bool') return `multiIf(${raw} = 'true', true, ${raw} = 'false', false, NULL)`;
  const reader = numberReader(type);
  if (reader === undefined)
    return `multiIf(startsWith(${raw}, '"'), JSONExtractString(${raw}), ${raw} = 'null', '', ${raw})`;
  return `if(match(${raw}, '^"?[-+0-9.eE]+"?$'), ${reader}(trim(BOTH '"' FROM ${raw})), NULL)`;
}

/** As `renderValue` has it: what can't stand in the column stays an attribute. */
function bytesOf(text: string, bytes: number): string {
  const fits = `length(${text}) = ${bytes * 2} AND lower(hex(unhex(${text}))) = ${text}`;
  return `toFixedString(if(${fits}, unhex(${text}), ''), ${bytes})`;
}

/** Statements that give a stream's table the columns that its type has by now; each may be run again. */
export function renderAddedColumns(table: string, { fields }: EventTypeDeclaration): string[] {
  if (fields.length === 0) return [];
  const added = fields.map((field) => `ADD COLUMN IF NOT EXISTS ${renderFieldColumn(field)}`);
  return [`ALTER TABLE ${table} ${added.join(', ')}`];
}

/** A field's column as a stream's table declares it. */
export function renderFieldColumn(field: FieldDeclaration): string {
  const fallback = field.since === undefined ? '' : ` DEFAULT ${valueFromAttributes(field)}`;
  return `${quoteName(field.name)} ${columnType(field.type)}${fallback}`;
}
