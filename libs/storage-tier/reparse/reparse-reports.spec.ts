import { expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { mergeReasons, reparseJobId, ReparseReports } from './reparse-reports.js';

const PLACE = { tenant: 'acme', stream: 'web' };
const PART = { day: 20261120, generation: 0, events: 3, changed: 2, kept: 1 };

it('keeps each day that is done, and reasons of all of them, with their first example', async () => {
  const reports = new ReparseReports(new MemoryCatalogue());
  expect(await reports.find('acme', 'web')).toBeUndefined();
  const one = { reason: 'other_day', events: 1, example: 'a' };
  const first = await reports.add(PLACE, { run: 'run', parts: [], reasons: [] }, PART, [one]);
  const more = [
    { reason: 'not_json', events: 2, example: 'b' },
    { reason: 'other_day', events: 3, example: 'c' },
  ];
  await reports.add(PLACE, first, { ...PART, day: 20261119 }, more);
  expect(await reports.find('acme', 'web')).toEqual({
    run: 'run',
    parts: [PART, { ...PART, day: 20261119 }],
    reasons: [
      { reason: 'other_day', events: 4, example: 'a' },
      { reason: 'not_json', events: 2, example: 'b' },
    ],
  });
  expect(await reports.find('other', 'web')).toBeUndefined();
});

it('tells 50 reasons apart, those of most events', () => {
  const many = Array.from({ length: 60 }, (_, n) => ({ reason: `r${n}`, events: n, example: 'x' }));
  const merged = mergeReasons(many);
  expect([merged.length, merged[0]?.events, merged.at(-1)?.events]).toEqual([50, 59, 10]);
});

it('names one job for each stream of each tenant', () => {
  expect(reparseJobId('acme', 'web')).toBe('acme.web');
});
