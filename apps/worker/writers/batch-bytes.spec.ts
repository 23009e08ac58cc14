import { expect, it } from 'vitest';
import { deriveBudgets } from '#app-config';
import { batchBytes } from './batch-bytes.js';

const MIB = 2 ** 20;

it.each([
  [512, 32, 3],
  [1_024, 32, 7],
  [2_048, 32, 14],
  [4_096, 32, 28],
  [24_576, 32, 32],
  [1_024, 2, 2],
])('of a limit of %d MiB and flush_bytes of %d MiB is %d MiB', (limit, flush, expected) => {
  const { engineBytes } = deriveBudgets(limit * MIB);
  expect(Math.floor(batchBytes(flush * MIB, engineBytes) / MIB)).toBe(expected);
});
