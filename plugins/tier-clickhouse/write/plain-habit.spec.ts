import { expect, it } from 'vitest';
import type { StreamSpec, TierBatch } from '#plugin-kit';
import { PlainHabit } from './plain-habit.js';

const stream = (name: string) => ({ tenant: 't', name }) as StreamSpec;
let batches = 0;
const batch = (name: string): TierBatch => ({
  stream: stream(name),
  token: String((batches += 1)),
  blocks: [],
  skip: [],
});

it('tries every batch while nine in ten lines are plain', () => {
  const habit = new PlainHabit();
  for (let n = 0; n < 20; n += 1) {
    const next = batch('a');
    expect(habit.tries(next)).toBe(true);
    habit.saw(next, 900, 1000);
  }
});

it('leaves a stream of other lines alone for 15 batches, and no other stream', () => {
  const habit = new PlainHabit();
  habit.saw(batch('a'), 899, 1000);
  expect(habit.tries(batch('b'))).toBe(true);
  const tried = Array.from({ length: 17 }, () => habit.tries(batch('a')));
  expect(tried).toEqual([...Array<boolean>(15).fill(false), true, true]);
});

it('writes a batch again the way it was written first', () => {
  const habit = new PlainHabit();
  const first = batch('a');
  expect(habit.tries(first)).toBe(true);
  habit.saw(first, 0, 10);
  const second = batch('a');
  expect(habit.tries(second)).toBe(false);
  expect([habit.tries(first), habit.tries(second)]).toEqual([true, false]);
});

it('forgets the oldest of 1,000 batches', () => {
  const habit = new PlainHabit();
  const first = batch('a');
  habit.tries(first);
  habit.saw(first, 0, 10);
  for (let n = 0; n < 1_000; n += 1) habit.tries(batch('b'));
  expect(habit.tries(first)).toBe(false);
});
