import type { FieldDeclaration, FieldType } from '#event-model';
import type { JsonValue } from './json-value.js';

/** A column's value: text and hex digits as text, integers of 64 bits as bigint. */
export type FieldValue = string | number | bigint | boolean;

const HEX_DIGITS: Readonly<Partial<Record<FieldType, number>>> = { hex16: 32, hex8: 16 };
const RANGES: Readonly<Partial<Record<FieldType, readonly [low: bigint, high: bigint]>>> = {
  uint16: [0n, 65_535n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};
/** Leading zeros apart, no 64-bit integer has more digits. */
const INTEGER = /^(?:\+|(-))?0*(\d{1,20})$/;
const FLOAT = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEX = /^[0-9a-f]+$/;
const ZEROS = /^0+$/;

/** Whether the field's column takes the value; null means absent. A number may come as a string. */
export function takesValue(type: FieldType, value: JsonValue): boolean {
  if (value.kind === 'null') return true;
  if (type === 'bool') return value.kind === 'bool';
  if (type !== 'float64' && !(type in RANGES)) return true;
  if (value.kind !== 'number' && value.kind !== 'string') return false;
  return type === 'float64' ? floatOf(value.text) !== undefined : integerOf(type, value.text) !== undefined;
}

/** What the column holds of a value that {@link takesValue} takes; undefined where it stays empty. */
export function columnValue(type: FieldType, value: JsonValue): FieldValue | undefined {
  if (value.kind === 'null') return undefined;
  if (type === 'bool') return value.text === 'true';
  if (type === 'float64') return floatOf(value.text);
  const integer = type in RANGES ? integerOf(type, value.text) : undefined;
  if (type in RANGES) return type === 'uint16' ? Number(integer) : integer;
  return value.text === '' ? undefined : value.text;
}

/** Whether a text can't stand in its column of bytes, so that it stays an attribute. */
export function isUnfitting({ type }: FieldDeclaration, text: string): boolean {
  const digits = HEX_DIGITS[type];
  if (digits === undefined) return false;
  return text.length !== digits || !HEX.test(text) || ZEROS.test(text);
}

function integerOf(type: FieldType, text: string): bigint | undefined {
  const range = RANGES[type];
  const match = INTEGER.exec(text);
  if (range === undefined || match === null) return undefined;
  const [, minus, digits = ''] = match;
  if (minus && range[0] === 0n) return undefined;
  const value = minus ? -BigInt(digits) : BigInt(digits);
  return value < range[0] || value > range[1] ? undefined : value;
}

function floatOf(text: string): number | undefined {
  const value = FLOAT.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
