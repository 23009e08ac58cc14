import { TierError, type StreamSpec } from '#plugin-kit';
import { fieldNamed } from '../schema/columns.js';
import { BoundValues } from './bound-values.js';
import { fieldTerm, type FieldTerm } from './field-term.js';

/**
 * How a column's values are to be read: `text` (empty: absent), `number` and `bool` as the engine has them, `time` in
 * nanoseconds; `tagged` is text whose first character says what follows: `s` a string, `j` JSON (empty: absent).
 */
export type ColumnForm = 'text' | 'number' | 'bool' | 'time' | 'tagged';

/** A field as a column that every selected stream gives in the same form, whatever its type makes of the field. */
export interface SharedColumn {
  readonly form: ColumnForm;
  /** The expression on the table of one stream. */
  readonly render: (stream: StreamSpec, values: BoundValues) => string;
  /** Whether the field has few distinct values by its declaration. */
  readonly isKeyword: boolean;
  /** The engine's type, where all streams have the same number. */
  readonly numberType?: string;
}

/** Columns of few distinct values that no type declares. */
const KEYWORDS: readonly string[] = ['source', 'event_type', 'stream', 'tenant', 'severity_number'];

/** The field as something to group by and to tell apart. */
export function keyColumn(field: string, streams: readonly StreamSpec[]): SharedColumn {
  const terms = termsOf(field, streams);
  const isKeyword = streams.every((stream) => isKeywordOf(field, stream));
  if (terms.every(isText)) return { form: 'text', isKeyword, render: termValue(field, 'text') };
  const [first] = terms;
  if (first && isScalar(first) && terms.every((term) => term.numberType === first.numberType))
    return { form: first.kind, isKeyword, render: termValue(field, 'value') };
  return { form: 'tagged', isKeyword: false, render: tagged(field) };
}

/**
 * The field as a number, NULL where it is none.
 *
 * @throws TierError `query` where no stream has it as one
 */
export function numberColumn(field: string, streams: readonly StreamSpec[]): SharedColumn {
  const terms = termsOf(field, streams);
  const isNumeric = (term: FieldTerm): boolean => term.kind === 'number' || term.kind === 'attribute';
  if (terms.length > 0 && !terms.some(isNumeric))
    throw new TierError(
      'query',
      `The field "${field}" is no number: count its events or its distinct values, or name another field.`,
    );
  const numberType = terms[0]?.numberType;
  const isSame = numberType !== undefined && terms.every((term) => isSameNumber(term, numberType));
  if (isSame) return { form: 'number', isKeyword: false, numberType, render: termValue(field, 'value') };
  return {
    form: 'number',
    isKeyword: false,
    render: (stream, values) => asFloat(fieldTerm(field, stream, values)),
  };
}

/** The field as nanoseconds since the epoch; undefined where it is no time. */
export function timeColumn(field: string, streams: readonly StreamSpec[]): SharedColumn | undefined {
  if (!termsOf(field, streams).every(({ kind }) => kind === 'time')) return undefined;
  return {
    form: 'time',
    isKeyword: false,
    render: (stream, values) => `toUnixTimestamp64Nano(${fieldTerm(field, stream, values).value})`,
  };
}

/** The condition that a value stands in a column of this form; undefined where it always does. */
export function presence({ form }: SharedColumn, column: string): string | undefined {
  if (form === 'time') return undefined;
  return form === 'text' || form === 'tagged' ? `${column} != ''` : `isNotNull(${column})`;
}

function termsOf(field: string, streams: readonly StreamSpec[]): readonly FieldTerm[] {
  return streams.map((stream) => fieldTerm(field, stream, new BoundValues()));
}

function termValue(field: string, part: 'text' | 'value'): SharedColumn['render'] {
  return (stream, values) => fieldTerm(field, stream, values)[part];
}

function isText({ kind }: FieldTerm): boolean {
  return kind !== 'attribute' && kind !== 'number' && kind !== 'bool';
}

function isScalar(term: FieldTerm): term is FieldTerm & { readonly kind: 'number' | 'bool' } {
  return term.kind === 'number' || term.kind === 'bool';
}

function isSameNumber({ kind, numberType }: FieldTerm, wanted: string): boolean {
  return kind === 'number' && numberType === wanted;
}

function isKeywordOf(field: string, { eventType }: StreamSpec): boolean {
  const declared = fieldNamed(eventType, field);
  return declared?.type === 'keyword' || declared?.type === 'bool' || KEYWORDS.includes(field);
}

function asFloat({ kind, value }: FieldTerm): string {
  if (kind === 'attribute') return `toFloat64OrNull(${value})`;
  return kind === 'number' ? `toFloat64(${value})` : "CAST(NULL, 'Nullable(Float64)')";
}

/** Equal JSON values are equal texts: strings by what they say, numbers by their value. */
function tagged(field: string): SharedColumn['render'] {
  return (stream, values) => {
    const term = fieldTerm(field, stream, values);
    if (isScalar(term)) return `ifNull(concat('j', toString(${term.value})), '')`;
    if (term.kind !== 'attribute') return `if(${term.text} = '', '', concat('s', ${term.text}))`;
    return taggedJson(term.value);
  };
}

/** The tagged form of raw JSON (empty: absent). */
export function taggedJson(raw: string): string {
  const number = `ifNull(toString(toInt128OrNull(${raw})), ifNull(toString(toFloat64OrNull(${raw})), ${raw}))`;
  return `multiIf(${raw} IN ('', 'null'), '', startsWith(${raw}, '"'), concat('s', JSONExtractString(${raw})), concat('j', ${number}))`;
}
