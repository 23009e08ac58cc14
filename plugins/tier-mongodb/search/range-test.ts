import { parseTime, severityNumber } from '#event-model';
import type { FilterRange } from '#plugin-kit';
import type { Term } from './term.js';
import type { Test } from './text-tests.js';

const NUMBER = /^-?\d{1,60}(\.\d{1,60})?([eE][-+]?\d{1,3})?$/;
const INTEGER = /^-?\d{1,60}$/;
const NEVER: Test = () => false;

/** Whether a text is a decimal number as JSON writes it (leading zeros allowed). */
export const isNumber = (text: string): boolean => NUMBER.test(text) && Number.isFinite(Number(text));

/** What a text of a number compares as: exactly, where it is an integer. */
export const numberOf = (text: string): number | bigint => (INTEGER.test(text) ? BigInt(text) : Number(text));

interface Bound {
  readonly holds: (order: number) => boolean;
  readonly text: string;
}

const HOLDS = {
  above: (order: number) => order > 0,
  from: (order: number) => order >= 0,
  below: (order: number) => order < 0,
  to: (order: number) => order <= 0,
} as const;

/** Whether the field's value lies between the bounds; never where it is absent. */
export function range(term: Term, bounds: FilterRange): Test {
  const given = (Object.keys(HOLDS) as (keyof typeof HOLDS)[]).flatMap((key): Bound[] => {
    const value = bounds[key];
    return value === undefined ? [] : [{ holds: HOLDS[key], text: String(value) }];
  });
  if (given.length === 0) return (view) => term.text(view) !== undefined;
  if (term.kind === 'time') return between(given, parseTime, term.value);
  const isOf = (fits: (text: string) => boolean): boolean => given.every(({ text }) => fits(text));
  if (term.name === 'level' && isOf((text) => severityNumber(text) > 0))
    return between(given, severityNumber, ({ event }) => event.severity_number || undefined);
  if (!isOf(isNumber)) return term.kind === 'number' || term.kind === 'bool' ? NEVER : ofTexts(term, given);
  if (term.kind === 'bool') return NEVER;
  return between(given, numberOf, term.value ?? ((view) => numberIn(term.text(view))));
}

/** The number that a text is; compared as it would be in a column of floats. */
function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && isNumber(text) ? Number(text) : undefined;
}

function between(
  bounds: readonly Bound[],
  read: (text: string) => number | bigint | undefined,
  value: Term['value'],
): Test {
  const limits = bounds.map(({ holds, text }) => ({ holds, limit: read(text) }));
  return (view) => {
    const found = value?.(view);
    if (found === undefined) return false;
    return limits.every(({ holds, limit }) => limit !== undefined && holds(orderOf(found, limit)));
  };
}

/** Below, at or above 0, also of a number beside a bigint. */
export function orderOf(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** Texts compare by their bytes. */
function ofTexts(term: Term, bounds: readonly Bound[]): Test {
  const limits = bounds.map(({ holds, text }) => ({ holds, limit: Buffer.from(text) }));
  return (view) => {
    const text = term.text(view);
    if (text === undefined) return false;
    const bytes = Buffer.from(text);
    return limits.every(({ holds, limit }) => holds(Buffer.compare(bytes, limit)));
  };
}
