import { expect, it } from 'vitest';
import { Strikes } from './strikes.js';

const LIMITS = { ends: 2, windowMs: 60_000, failedCalls: 3 };

it('takes a plugin out that ended too often of late, and waits longer before each start', () => {
  const strikes = new Strikes(LIMITS);
  expect([strikes.verdict, strikes.backoffMs]).toEqual([undefined, 0]);
  strikes.ended('it looped', 0);
  expect([strikes.verdict, strikes.backoffMs]).toEqual([undefined, 100]);
  // The first one is too long ago to count.
  strikes.ended('it looped', 60_000);
  expect(strikes.verdict).toBeUndefined();
  strikes.ended('it took all memory', 61_000);
  expect(strikes.verdict).toBe(
    'its process ended 2 times within 1 minutes, the last time because it took all memory',
  );
  expect(strikes.backoffMs).toBe(400);
});

it('takes a plugin out of which call after call failed whole', () => {
  const strikes = new Strikes(LIMITS);
  for (let n = 0; n < 2; n += 1) strikes.answered(true, 'oh');
  strikes.answered(false);
  for (let n = 0; n < 2; n += 1) strikes.answered(true, 'oh');
  expect(strikes.verdict).toBeUndefined();
  strikes.answered(true, 'oh');
  expect(strikes.verdict).toMatch(/every line of 3 calls in a row failed, .*: oh/);
  strikes.clear();
  expect(strikes.verdict).toBeUndefined();
});
