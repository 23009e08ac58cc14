import { afterAll, beforeAll, expect, it } from 'vitest';
import { StepCount } from './count-steps.js';

const counter = new StepCount(/slow-readers/);
let readers: Readonly<Record<string, (text: string) => number>>;
beforeAll(async () => {
  counter.start();
  ({ READERS: readers } = await import('./slow-readers.js'));
});
afterAll(() => counter.stop());

const stepsOf = (name: string, characters: number): number =>
  counter.of(() => readers[name]?.('a'.repeat(characters)));

it('a step for each character is twice as many for twice the text', () => {
  const steps = stepsOf('linear', 2_000);
  expect(steps).toBeGreaterThan(2_000);
  expect(stepsOf('linear', 4_000) / steps).toBeCloseTo(2, 1);
  expect(stepsOf('linear', 2_000)).toBe(steps);
});

it.each([
  'loops within loops',
  'a pattern that tries again',
  'searches from every place',
  'a list that is copied for each entry',
  'a list that is looked through for each entry',
  'parts that are cut off',
])('%s: steps for each pair of characters are found', (name) => {
  expect(stepsOf(name, 1_000) / stepsOf(name, 500)).toBeGreaterThan(3.5);
});
