import { describe, expect, it } from 'vitest';
import { createSeededRandom } from './seeded-random.js';

describe('seeded random', () => {
  it('draws the same for the same seeds and something else for others', () => {
    const draws = (...seeds: number[]) => createSeededRandom(...seeds).hex(64);
    expect(draws(7, 1, 2)).toBe(draws(7, 1, 2));
    expect(new Set([draws(7), draws(8), draws(7, 1), draws(7, 2), draws(7, 1, 2), draws(7, 2, 1)]).size).toBe(
      6,
    );
  });

  it('stays in range and reaches every value', () => {
    const random = createSeededRandom(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const drawn = random.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts.every((count) => count > 850 && count < 1150)).toBe(true);
  });

  it('gives as many hex digits as asked', () => {
    expect(createSeededRandom(3).hex(13)).toMatch(/^[0-9a-f]{13}$/);
  });
});
