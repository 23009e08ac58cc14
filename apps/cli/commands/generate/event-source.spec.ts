import { describe, expect, it } from 'vitest';
import { parseCategories } from './categories/parse-categories.js';
import { readCategories } from './categories/read-categories.js';
import { EventSource, presentTime, steadyTime } from './event-source.js';

const START_MS = Date.UTC(2026, 10, 20);

function eventsOf(seed: string, count = 200, categories = readCategories()): readonly string[] {
  const source = new EventSource(categories, { seed, clock: steadyTime(START_MS, 10) });
  return Array.from({ length: count }, () => source.next().line);
}

describe('events', () => {
  it('are the same bytes for the same seed, and others for another', () => {
    expect(eventsOf('4711')).toEqual(eventsOf('4711'));
    expect(eventsOf('4711')).not.toEqual(eventsOf('4712'));
  });

  it('come by the weights of their categories', () => {
    const source = new EventSource(readCategories(), { seed: 'w', clock: presentTime });
    const names = Array.from({ length: 10_000 }, () => source.next().category.name);
    const share = (name: string): number => names.filter((each) => each === name).length / names.length;
    expect([share('web'), share('logins'), share('payments'), share('machines')]).toEqual([
      expect.closeTo(0.6, 1),
      expect.closeTo(0.1, 1),
      expect.closeTo(0.12, 1),
      expect.closeTo(0.18, 1),
    ]);
  });

  it('are JSON on one line, without hidden fields and with an order that is right for their times', () => {
    const events = eventsOf('x').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.flatMap((event) => Object.keys(event)).filter((name) => name.startsWith('_'))).toEqual([]);
    for (const [number, { timestamp }] of events.entries())
      expect(Math.abs(Date.parse(String(timestamp)) - START_MS - number * 10)).toBeLessThanOrEqual(1_001);
  });

  it('keep what fields hold together: an error has the message of one', () => {
    const events = eventsOf('y', 3_000).map((line) => JSON.parse(line) as Record<string, unknown>);
    const refused = events.filter(({ action }) => action === 'failed');
    expect(refused.length).toBeGreaterThan(0);
    expect(
      refused.every(({ success, failure_reason: reason }) => success === false && reason !== undefined),
    ).toBe(true);
    const broken = events.filter(({ level, region }) => level === 'ERROR' && region !== undefined);
    expect(broken.every(({ status }) => Number(status) >= 500)).toBe(true);
  });

  it('may have any name for a field', () => {
    const categories = parseCategories(
      'categories: { a: { fields: { constructor: 1, __proto__: 5, "x.y": 2, 3: 4 } } }',
      'f',
    );
    expect(eventsOf('z', 1, categories)).toEqual(['{"3":4,"constructor":1,"x.y":2}']);
  });
});
