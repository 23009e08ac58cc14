import { describe, expect, it } from 'vitest';
import type { AskedStream, EventQuery, Filter } from '#plugin-kit';
import { daysOfPage } from './days-of-page.js';
import type { ArchivedDay } from './held-days.js';

const EVERYTHING: Filter = { kind: 'all', of: [] };
const WEB = { tenant: 'acme', name: 'web' } as AskedStream;

/** A unit of events at these times. */
function dayOf(times: readonly number[]): ArchivedDay {
  const unit = {
    ...{ events: times.length, oldest: String(Math.min(...times)), newest: String(Math.max(...times)) },
  };
  return { stream: WEB, unit } as ArchivedDay;
}

function pageOf(query: Partial<EventQuery>): EventQuery {
  return {
    ...{ tenant: 'acme', streams: [WEB], filter: EVERYTHING, from: 0n, to: 1_000n, timeoutMs: 0 },
    ...{ order: 'desc', limit: 3, ...query },
  };
}

const neededOf = (query: Partial<EventQuery>, times: readonly (readonly number[])[]): number[] => {
  const days = times.map(dayOf);
  return daysOfPage(pageOf(query), days).map((day) => days.indexOf(day));
};

describe('the archived days that a page needs', () => {
  const times = [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 8],
  ];

  it('are those of its events and of the next one, from the side that it is on', () => {
    expect(neededOf({}, times)).toEqual([2, 3]);
    expect(neededOf({ order: 'asc' }, times)).toEqual([0, 1]);
    expect(neededOf({ limit: 4 }, times)).toEqual([1, 2, 3]);
    expect(neededOf({ limit: 100 }, times)).toEqual([0, 1, 2, 3]);
  });

  it('are also those that reach into the same time, or beyond the time of the question', () => {
    expect(neededOf({}, [...times, [1, 5]])).toEqual([2, 3, 4]);
    expect(neededOf({ from: 2n }, times)).toEqual([0, 2, 3]);
    expect(neededOf({ to: 8n }, times)).toEqual([1, 2, 3]);
  });

  it('are all where something is filtered, or the page is a later one', () => {
    const filter: Filter = { kind: 'equals', field: 'service', values: ['shop'] };
    const after = { timestamp: 8n, block: '0'.repeat(32) as never, row: 0 };
    expect(neededOf({ filter }, times)).toEqual([0, 1, 2, 3]);
    expect(neededOf({ after }, times)).toEqual([0, 1, 2, 3]);
  });

  it('have every event of the page, whatever the days are like', () => {
    let state = 1;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    for (let n = 0; n < 500; n += 1) {
      const days = Array.from({ length: 1 + below(12) }, () => {
        const begin = below(900);
        return Array.from({ length: 1 + below(5) }, () => begin + below(100));
      });
      const [from, limit, order] = [below(500), 1 + below(20), below(2) === 0 ? 'desc' : 'asc'] as const;
      const range = { from: BigInt(from), to: BigInt(from + 1 + below(500)) };
      const needed = new Set(neededOf({ ...range, limit, order }, days));
      const found = days.flatMap((times, day) => times.map((time) => ({ time, day })));
      const asked = found.filter(({ time }) => BigInt(time) >= range.from && BigInt(time) < range.to);
      const sign = order === 'desc' ? -1 : 1;
      const page = asked.toSorted((a, b) => sign * (a.time - b.time)).slice(0, limit + 1);
      const isThere = page.map(({ day }) => needed.has(day));
      // Of events at the last moment others may be shown: all days that have one are needed.
      expect(isThere).toEqual(page.map(() => true));
    }
  });
});
