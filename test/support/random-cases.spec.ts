import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomCases } from './random-cases.js';

afterEach(() => vi.unstubAllEnvs());

describe('random cases', () => {
  it.each([
    [undefined, 3],
    ['few', 3],
    ['all', 40],
  ])('are %s of them: %i', (asked, taken) => {
    vi.stubEnv('ALLUVIUM_FUZZ_CASES', asked);
    expect(randomCases({ few: 3, all: 40 })).toBe(taken);
  });

  it.each(['', 'ALL', '12'])('are never taken for another word: %j', (asked) => {
    vi.stubEnv('ALLUVIUM_FUZZ_CASES', asked);
    expect(() => randomCases({ few: 3, all: 40 })).toThrow(
      `ALLUVIUM_FUZZ_CASES is "${asked}". Set it to "few" or "all"`,
    );
  });
});
