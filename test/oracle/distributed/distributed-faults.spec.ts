import { describe, expect, it } from 'vitest';
import { DISTRIBUTED_FAULTS, planDistributed } from './distributed-faults.js';

const namesOf = (rounds: number, seed: number) => planDistributed(rounds, seed).map(({ name }) => name);

describe('the plan of a distributed run', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(namesOf(40, 7)).toEqual(namesOf(40, 7));
    expect(namesOf(40, 7)).not.toEqual(namesOf(40, 8));
  });

  it('gives each fault its turn before any has its second', () => {
    const kinds = DISTRIBUTED_FAULTS.length;
    const names = namesOf(2 * kinds, 7);
    for (const half of [names.slice(0, kinds), names.slice(kinds)]) expect(new Set(half).size).toBe(kinds);
  });

  it('chooses among those that are asked for', () => {
    const [first, second] = DISTRIBUTED_FAULTS;
    const plan = planDistributed(4, 7, first && second ? [first, second] : []);
    expect(new Set(plan)).toEqual(new Set([first, second]));
  });
});
