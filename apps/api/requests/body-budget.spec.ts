import { expect, it } from 'vitest';
import { BodyBudget } from './body-budget.js';

it('bounds what all bodies hold together, and takes again what is given back', () => {
  const budget = new BodyBudget(() => 100);
  const first = budget.open(60);
  first.grow(60);
  expect(() => budget.open(41)).toThrow('more than 100 bytes');
  const second = budget.open(40);
  second.grow(40);
  expect(() => first.grow(1)).toThrow('more than 100 bytes');
  first.shrink(30);
  second.grow(30);
  first.release();
  first.release();
  expect(budget.held).toBe(70);
  second.release();
  second.grow(5);
  expect(budget.held).toBe(0);
});

it('lets a body that is alone have what its own limits allow', () => {
  const budget = new BodyBudget(() => 100);
  const alone = budget.open(500);
  alone.grow(500);
  expect(budget.held).toBe(500);
  expect(() => budget.open(0)).toThrow('more than 100 bytes');
});
