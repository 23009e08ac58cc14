import { severityNumber, type EventTypeDeclaration, type FieldType } from '#event-model';
import type { Filter } from '#plugin-kit';
import { fieldsOf } from '../schema/columns.js';
import { quoteName } from '../schema/names.js';
import { searchedText } from '../schema/tables.js';
import type { BoundValues } from './bound-values.js';

/** Columns besides the fields that a filter may name. */
const PLAIN_COLUMNS: readonly string[] = ['source', 'event_type', 'id'];
const HEX_BYTES: Readonly<Partial<Record<FieldType, number>>> = { hex16: 16, hex8: 8 };
const NUMBERS: Readonly<Partial<Record<FieldType, string>>> = {
  float64: 'Float64',
  int64: 'Int64',
  uint16: 'UInt16',
  uint64: 'UInt64',
};

type Value = string | number | boolean;

/** The one place where a filter tree becomes a condition. Names come from the declaration, values are bound. */
export function renderFilter(filter: Filter, eventType: EventTypeDeclaration, values: BoundValues): string {
  switch (filter.kind) {
    case 'all':
      return join(filter.of, ' AND ', '1', eventType, values);
    case 'any':
      return join(filter.of, ' OR ', '0', eventType, values);
    case 'not':
      // A comparison with an absent number is NULL, and so would be its negation.
      return `NOT ifNull(${renderFilter(filter.of, eventType, values)}, 0)`;
    case 'level':
      return renderLevel(filter.words, values);
    case 'words':
      return renderWords(filter.words, values);
    case 'equals':
      return renderEquals(filter.field, filter.values, eventType, values);
  }
}

function join(
  of: readonly Filter[],
  word: string,
  ...[none, eventType, values]: [none: string, eventType: EventTypeDeclaration, values: BoundValues]
): string {
  return of.length === 0 ? none : `(${of.map((part) => renderFilter(part, eventType, values)).join(word)})`;
}

/** Known words match every spelling of the same severity; an unknown one matches itself, letter case ignored. */
function renderLevel(words: readonly string[], values: BoundValues): string {
  const conditions = words.map((word) => {
    const number = severityNumber(word);
    if (number > 0) return `severity_number = ${values.bind('UInt8', number)}`;
    return `lower(level) = lower(${values.bind('String', word)})`;
  });
  return conditions.length === 0 ? '0' : `(${conditions.join(' OR ')})`;
}

/** Tokens as the text index cuts them: runs of ASCII letters and digits and of other characters beyond ASCII. */
export function tokensOf(words: readonly string[]): string[] {
  return words
    .flatMap((word) => word.split(/[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/))
    .filter((token) => token !== '');
}

function renderWords(words: readonly string[], values: BoundValues): string {
  const tokens = tokensOf(words);
  if (tokens.length === 0) return '1';
  const wanted = tokens.map((token) => `lowerUTF8(${values.bind('String', token)})`);
  return `hasAllTokens(${searchedText('message')}, [${wanted.join(', ')}])`;
}

function renderEquals(
  field: string,
  wanted: readonly Value[],
  ...[eventType, values]: [eventType: EventTypeDeclaration, values: BoundValues]
): string {
  if (wanted.length === 0) return '0';
  if (PLAIN_COLUMNS.includes(field)) return inTexts(quoteName(field), wanted, values);
  const declared = fieldsOf(eventType).find(({ name }) => name === field);
  if (!declared) return equalsAttribute(field, wanted, values);
  const column = quoteName(declared.name);
  if (declared.type in HEX_BYTES)
    return equalsHex(column, declared.name, wanted, { type: declared.type, values });
  if (declared.type in NUMBERS) return equalsNumber(column, NUMBERS[declared.type] ?? '', wanted, values);
  if (declared.type === 'bool') return equalsBool(column, wanted);
  return inTexts(column, wanted, values);
}

function inTexts(column: string, wanted: readonly Value[], values: BoundValues): string {
  return `${column} IN ${values.bind('Array(String)', wanted.map(String))}`;
}

function equalsNumber(column: string, type: string, wanted: readonly Value[], values: BoundValues): string {
  const numbers = wanted.map(String).filter((text) => /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text));
  const fitting = type === 'Float64' ? numbers : numbers.filter((text) => fitsInteger(type, text));
  if (fitting.length === 0) return '0';
  return `(${fitting.map((text) => `${column} = ${values.bind(type, text)}`).join(' OR ')})`;
}

function fitsInteger(type: string, text: string): boolean {
  if (!/^-?\d{1,20}$/.test(text)) return false;
  const value = BigInt(text);
  const bits = BigInt(type.replace(/\D/g, ''));
  const [low, high] = type.startsWith('U') ? [0n, 2n ** bits] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n)];
  return value >= low && value < high;
}

function equalsBool(column: string, wanted: readonly Value[]): string {
  const conditions = wanted.map(String).filter((text) => text === 'true' || text === 'false');
  return conditions.length === 0 ? '0' : `ifNull(${column} IN (${conditions.join(', ')}), 0)`;
}

/** A value that can't stand in the column was kept as an attribute. */
function equalsHex(
  column: string,
  name: string,
  ...[wanted, { type, values }]: [wanted: readonly Value[], column: { type: FieldType; values: BoundValues }]
): string {
  const bytes = HEX_BYTES[type] ?? 0;
  return `(${wanted
    .map(String)
    .map((text) =>
      new RegExp(`^(?!0*$)[0-9a-f]{${bytes * 2}}$`).test(text)
        ? `${column} = toFixedString(unhex(${values.bind('String', text)}), ${bytes})`
        : equalsAttribute(name, [text], values),
    )
    .join(' OR ')})`;
}

/** Attributes keep raw JSON: a string is compared by its value, all else by its text; `a.b` is also looked for inside `a`. */
function equalsAttribute(field: string, wanted: readonly Value[], values: BoundValues): string {
  const texts = values.bind('Array(String)', wanted.map(String));
  const whole = rawEquals(`attributes[${values.bind('String', field)}]`, texts);
  const [first = '', ...path] = field.split('.');
  if (path.length === 0) return whole;
  const steps = path.map((step) => values.bind('String', step)).join(', ');
  const inner = rawEquals(`JSONExtractRaw(attributes[${values.bind('String', first)}], ${steps})`, texts);
  return `(${whole} OR ${inner})`;
}

function rawEquals(raw: string, texts: string): string {
  return `(if(startsWith(${raw}, '"'), JSONExtractString(${raw}), ${raw}) IN ${texts} AND ${raw} != '')`;
}
