import { expect, it } from 'vitest';
import { retryDelayMs } from './job-rules.js';

it('retries wait 1 s, twice as long each time, at most a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 1_000].map(retryDelayMs)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000,
  ]);
});
