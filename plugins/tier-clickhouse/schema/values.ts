import type { FieldDeclaration, FieldType } from '#event-model';
import { valueOf } from './input-keys.js';

const HEX_DIGITS: Readonly<Partial<Record<FieldType, number>>> = { hex16: 32, hex8: 16 };
const NUMBER_READERS: Readonly<Partial<Record<FieldType, string>>> = {
  float64: 'toFloat64OrNull',
  uint16: 'toUInt16OrNull',
  uint64: 'toUInt64OrNull',
  int64: 'toInt64OrNull',
};

/** The length of a column of bytes whose text is hexadecimal; undefined for other types. */
export const columnBytes = (type: FieldType): number | undefined => {
  const digits = HEX_DIGITS[type];
  return digits && digits / 2;
};
export const isHex = (type: FieldType): boolean => type in HEX_DIGITS;
/** Whether a JSON string is the field's own form. */
export const isText = (type: FieldType): boolean =>
  type === 'text' || type === 'keyword' || type === 'string' || isHex(type);
/** The function that reads a number of this type from text; undefined for other types. */
export const numberReader = (type: FieldType): string | undefined => NUMBER_READERS[type];

/** The column's value; total for every input. */
export function renderValue(field: FieldDeclaration): string {
  const value = valueOf(field);
  const digits = HEX_DIGITS[field.type];
  if (digits)
    return `toFixedString(if(${isHexText(value, digits)}, unhex(assumeNotNull(${value})), ''), ${digits / 2})`;
  if (isText(field.type)) return `ifNull(${value}, '')`;
  return isInteger(field) ? `${NUMBER_READERS[field.type]}(${value})` : value;
}

/** Whether the field's text can stand in its column of bytes. */
export function fitsColumn(field: FieldDeclaration): string {
  return isHexText(valueOf(field), HEX_DIGITS[field.type] ?? 0);
}

/** What is searched in the line to see that a field was sent in the form that its column gives back. */
export function declaredForm(field: FieldDeclaration): string {
  const key = JSON.stringify(field.name);
  return isText(field.type) ? `${key}:"` : `${key}:`;
}

/**
 * The length of the field's value, -1 where it is absent, 0 where its column can't give it back: an empty text (which
 * means absent), a trace id that isn't one, a number that the type can't hold.
 */
export function sentLength(field: FieldDeclaration): string {
  const value = valueOf(field);
  const digits = HEX_DIGITS[field.type];
  if (digits) return `if(${value} IS NULL, -1, ${isHexText(value, digits)})`;
  if (isText(field.type)) return `ifNull(toInt64(length(${value})), -1)`;
  return isInteger(field)
    ? `if(${value} IS NULL, -1, ${NUMBER_READERS[field.type]}(${value}) IS NOT NULL)`
    : `if(${value} IS NULL, -1, 1)`;
}

/** Whether the value at `position` (0: nowhere) begins as a JSON value of the field's type does; for what isn't text. */
export function beginsAsDeclared(field: FieldDeclaration, position: string): string {
  const first = `substring(line, ${position} + ${declaredForm(field).length}, 1)`;
  const starts = field.type === 'bool' ? 'tf' : '-0123456789';
  return `(${position} = 0 OR position('${starts}', ${first}) > 0)`;
}

function isInteger(field: FieldDeclaration): boolean {
  return field.type !== 'float64' && field.type in NUMBER_READERS;
}

/** Zeros alone are what the column has where there is no id: an event that sent them keeps them as an attribute. */
function isHexText(value: string, digits: number): string {
  const text = `assumeNotNull(${value})`;
  return `(ifNull(length(${value}), 0) = ${digits} AND lower(hex(unhex(${text}))) = ${text} AND ${text} != '${'0'.repeat(digits)}')`;
}
