import { expect, it } from 'vitest';
import { secondsUntilUsedUp, Trend } from '#observability';

const trendOf = (values: readonly number[], stepMs = 1_000): Trend => {
  const trend = new Trend({ windowMs: 60_000, leastMs: 5_000 });
  values.forEach((value, at) => trend.note(1e12 + at * stepMs, value));
  return trend;
};

it('is the change a second, whatever the steps', () => {
  expect(trendOf([0, 10, 20, 30, 40, 50]).perSecond()).toBeCloseTo(10);
  expect(trendOf([50, 40, 30, 20, 10, 0]).perSecond()).toBeCloseTo(-10);
  expect(trendOf([7, 7, 7], 10_000).perSecond()).toBe(0);
});

it('is not thrown far by one outlier, as saw teeth have them', () => {
  const teeth = Array.from({ length: 60 }, (_, at) => 100 * at + (at % 7 === 0 ? -300 : 0));
  const slope = trendOf(teeth).perSecond() ?? 0;
  expect(slope).toBeGreaterThan(95);
  expect(slope).toBeLessThan(105);
});

it('is not bent at all by a file that comes and goes', () => {
  const filling = Array.from({ length: 60 }, (_, at) => 100 * at + (at > 20 && at < 30 ? 1e9 : 0));
  expect(trendOf(filling).perSecond()).toBeCloseTo(100);
});

it('is not known until enough was seen, and forgets what is long ago', () => {
  expect(trendOf([]).perSecond()).toBeUndefined();
  expect(trendOf([1]).perSecond()).toBeUndefined();
  expect(trendOf([0, 10, 20]).perSecond()).toBeUndefined();
  const trend = trendOf(Array.from({ length: 200 }, (_, at) => (at < 100 ? at * 1_000 : 100_000)));
  expect(trend.observedMs).toBe(60_000);
  expect(trend.perSecond()).toBeCloseTo(0);
});

it.each([
  [100, 10, 10],
  [105, 10, 10],
  [100, 0, undefined],
  [100, -5, undefined],
  [100, undefined, undefined],
  [0, undefined, 0],
  [-1, -5, 0],
])('leaves of %d at %s a second %s seconds', (room, perSecond, seconds) => {
  expect(secondsUntilUsedUp(room, perSecond)).toBe(seconds);
});
