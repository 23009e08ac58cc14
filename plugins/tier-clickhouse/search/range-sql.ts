import { parseTime, severityNumber } from '#event-model';
import type { FilterRange } from '#plugin-kit';
import type { BoundValues } from './bound-values.js';
import type { FieldTerm } from './field-term.js';
import { boundType, isNumber } from './number-bounds.js';

const OPERATORS = [
  ['above', '>'],
  ['from', '>='],
  ['below', '<'],
  ['to', '<='],
] as const;

interface Bound {
  readonly operator: string;
  readonly text: string;
}

/** A condition that the field's value lies between the bounds; never true where it is absent. */
export function renderRange(term: FieldTerm, range: FilterRange, values: BoundValues): string {
  const bounds = OPERATORS.flatMap(([key, operator]) => {
    const value = range[key];
    return value === undefined ? [] : [{ operator, text: String(value) }];
  });
  if (bounds.length === 0) return term.present;
  if (term.kind === 'time') return ofTimes(term, bounds, values);
  if (term.name === 'level' && bounds.every(({ text }) => severityNumber(text) > 0))
    return ofSeverities(bounds, values);
  if (bounds.every(({ text }) => isNumber(text))) return ofNumbers(term, bounds, values);
  return term.kind === 'number' || term.kind === 'bool' ? '0' : ofTexts(term, bounds, values);
}

function ofTimes(term: FieldTerm, bounds: readonly Bound[], values: BoundValues): string {
  return conjunction(bounds, ({ operator, text }) => {
    const ns = parseTime(text);
    if (ns === undefined) return '0';
    return `${term.value} ${operator} ${momentOf(ns, values)}`;
  });
}

/** The last moment that the engine's times reach: in the year 2262. */
const LAST_NS = 2n ** 63n - 1n;

/** A moment as a value of the engine's. One before 1970 or after 2262 is the nearest that there is: no event is beyond. */
export function momentOf(ns: bigint, values: BoundValues): string {
  const within = ns < 0n ? 0n : ns > LAST_NS ? LAST_NS : ns;
  return `fromUnixTimestamp64Nano(${values.bind('Int64', within.toString())}, 'UTC')`;
}

/** Events whose level is unknown have no severity. */
function ofSeverities(bounds: readonly Bound[], values: BoundValues): string {
  const compared = conjunction(
    bounds,
    ({ operator, text }) => `severity_number ${operator} ${values.bind('UInt8', severityNumber(text))}`,
  );
  return `(severity_number > 0 AND ${compared})`;
}

function ofNumbers(term: FieldTerm, bounds: readonly Bound[], values: BoundValues): string {
  if (term.kind === 'bool') return '0';
  const [value, type] =
    term.kind === 'number'
      ? [term.value, term.numberType ?? 'Float64']
      : [`toFloat64OrNull(${term.text})`, 'Float64'];
  const compared = conjunction(
    bounds,
    ({ operator, text }) => `${value} ${operator} ${values.bind(boundType(type, text), text)}`,
  );
  return term.kind === 'number' ? `ifNull(${compared}, 0)` : `ifNull(isFinite(${value}) AND ${compared}, 0)`;
}

function ofTexts(term: FieldTerm, bounds: readonly Bound[], values: BoundValues): string {
  const compared = conjunction(
    bounds,
    ({ operator, text }) => `${term.text} ${operator} ${values.bind('String', text)}`,
  );
  return term.present === '1' ? compared : `(${term.present} AND ${compared})`;
}

function conjunction(bounds: readonly Bound[], render: (bound: Bound) => string): string {
  return `(${bounds.map(render).join(' AND ')})`;
}
