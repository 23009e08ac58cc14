import type { Random } from '../random.js';

/** A value and how often it comes, compared with the others. */
export interface Weighted<T> {
  readonly value: T;
  readonly weight: number;
}

/** Draws values as often as their weights say. There must be one at least, and all weights above 0. */
export function weightedPicker<T>(entries: readonly Weighted<T>[]): (random: Random) => T {
  let sum = 0;
  const ends = entries.map(({ weight }) => (sum += weight));
  const values = entries.map(({ value }) => value);
  return (random) => values[placeOf(random.next() * sum, ends)] as T;
}

/** Index of the first end above a number; the last one where there is none. */
function placeOf(drawn: number, ends: readonly number[]): number {
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (drawn < (ends[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}
