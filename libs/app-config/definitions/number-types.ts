import { z } from 'zod';
import type { ValueType } from './value-type.js';

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
const INTEGER = /^-?\d{1,15}$/;
const BYTES = /^(\d{1,15}) ?(KiB|MiB|GiB|)$/;

function readInteger(value: string | number): number {
  return typeof value === 'number' ? value : INTEGER.test(value.trim()) ? Number(value) : NaN;
}

function readBytes(value: string | number): number {
  if (typeof value === 'number') return value;
  const match = BYTES.exec(value.trim());
  return match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? NaN) : NaN;
}

/** Bytes as a person would write them: the largest unit that divides them, such as `32MiB`. */
export function formatBytes(bytes: number): string {
  const [unit, size] = Object.entries(UNITS)
    .reverse()
    .find(([, each]) => bytes > 0 && bytes % each === 0) ?? ['', 1];
  return `${bytes / size}${unit}`;
}

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max: number): ValueType<number> {
  return {
    schema: z.union([z.number(), z.string()]).transform(readInteger).pipe(z.number().int().min(min).max(max)),
    expected: `a whole number from ${min} to ${max}`,
    print: String,
  };
}

/** A size in bytes from `min` to `max`, both included; text may end in KiB, MiB or GiB. */
export function bytes(min: number, max: number): ValueType<number> {
  return {
    schema: z.union([z.number(), z.string()]).transform(readBytes).pipe(z.number().int().min(min).max(max)),
    expected: `bytes from ${formatBytes(min)} to ${formatBytes(max)}: a whole number, alone or with KiB, MiB or GiB`,
    print: formatBytes,
  };
}
