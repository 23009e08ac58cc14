import type { FieldType } from '#event-model';
import { Unrepresentable } from './reference-json.js';

/** Whether a column takes a value; `either` where the engine may judge as it likes. */
export type FieldVerdict = 'taken' | 'refused' | 'either';

const RANGES: Readonly<Partial<Record<FieldType, readonly [low: bigint, high: bigint]>>> = {
  uint16: [0n, 65_535n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Judges the value of a declared field as the design says it: text takes all, a number may come as a string. */
export function fieldVerdict(type: FieldType, value: unknown): FieldVerdict {
  if (value === null) return 'taken';
  if (value instanceof Unrepresentable) return 'either';
  if (type === 'bool') return typeof value === 'boolean' ? 'taken' : 'refused';
  const range = RANGES[type];
  if (range === undefined && type !== 'float64') return 'taken';
  if (typeof value !== 'number' && typeof value !== 'string') return 'refused';
  return numberVerdict(value, range);
}

function numberVerdict(value: number | string, range: readonly [bigint, bigint] | undefined): FieldVerdict {
  if (Object.is(value, -0)) return 'either';
  if (typeof value === 'string' && !/^-?(0|[1-9]\d*)$/.test(value))
    return /^[-+.\deE]+$/.test(value) ? 'either' : 'refused';
  if (range === undefined) return 'taken';
  if (value === '-0') return 'either';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'refused';
  const number = BigInt(value);
  return number >= range[0] && number <= range[1] ? 'taken' : 'refused';
}
