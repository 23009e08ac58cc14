import { parseEventId, parseTime } from '#event-model';
import type { FilterValue } from '#plugin-kit';
import { blockLiteral } from '../write/present.js';
import { attributeText, rawAttribute } from './attribute-sql.js';
import type { BoundValues } from './bound-values.js';
import type { FieldTerm } from './field-term.js';
import { fitsInteger, isNumber } from './number-bounds.js';
import { momentOf } from './range-sql.js';

/** A condition that the field's value, as text, is one of those that are wanted. */
export function renderEquals(term: FieldTerm, wanted: readonly FilterValue[], values: BoundValues): string {
  const texts = wanted.map(String);
  if (texts.length === 0) return '0';
  switch (term.kind) {
    case 'number':
      return equalsNumber(term, texts, values);
    case 'bool':
      return equalsBool(term.value, texts);
    case 'hex':
      return equalsHex(term, texts, values);
    case 'time':
      return equalsTime(term.value, texts, values);
    case 'event_id':
      return equalsPlace(texts);
    case 'attribute':
      return equalsAttribute(term.value, texts, values);
    default:
      return `${term.value} IN ${values.bind('Array(String)', texts)}`;
  }
}

function equalsNumber(term: FieldTerm, texts: readonly string[], values: BoundValues): string {
  const type = term.numberType ?? '';
  const fitting = texts.filter((text) => (type === 'Float64' ? isNumber(text) : fitsInteger(type, text)));
  return anyOf(fitting.map((text) => `${term.value} = ${values.bind(type, text)}`));
}

function equalsBool(column: string, texts: readonly string[]): string {
  const conditions = texts.filter((text) => text === 'true' || text === 'false');
  return conditions.length === 0 ? '0' : `ifNull(${column} IN (${conditions.join(', ')}), 0)`;
}

/** A value that can't stand in the column was kept as an attribute. */
function equalsHex({ name, value, bytes = 0 }: FieldTerm, texts: string[], values: BoundValues): string {
  const digits = new RegExp(`^(?!0*$)[0-9a-f]{${bytes * 2}}$`);
  const fits = (text: string): boolean => digits.test(text);
  const conditions = texts
    .filter(fits)
    .map((text) => `${value} = toFixedString(unhex(${values.bind('String', text)}), ${bytes})`);
  const others = texts.filter((text) => !fits(text));
  if (others.length > 0) conditions.push(equalsAttribute(rawAttribute(name, values), others, values));
  return anyOf(conditions);
}

function equalsTime(column: string, texts: readonly string[], values: BoundValues): string {
  const times = texts.flatMap((text) => parseTime(text) ?? []);
  return anyOf(times.map((ns) => `${column} = ${momentOf(ns, values)}`));
}

function equalsPlace(texts: readonly string[]): string {
  const places = texts.flatMap((text) => parseEventId(text) ?? []);
  return anyOf(places.map(({ block, row }) => `(block = ${blockLiteral(block)} AND row = ${row})`));
}

/** Attributes keep raw JSON: a string is compared by its value, all else by its text. */
function equalsAttribute(raw: string, texts: readonly string[], values: BoundValues): string {
  return `(${attributeText(raw)} IN ${values.bind('Array(String)', texts)} AND ${raw} != '')`;
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '0' : `(${conditions.join(' OR ')})`;
}
