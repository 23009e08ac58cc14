import { expect, it } from 'vitest';
import type { StoredFormCount, StoredPart } from '#plugin-kit';
import { dayOf, planOf, type PlanContext } from './reparse-plan.js';

const read = (parser: string, events: number): StoredFormCount => ({ form: 'text', parser, events });
const partOf = (day: number, diskBytes: number, ...forms: StoredFormCount[]): StoredPart => ({
  ...{ day, generation: 0, partEvents: 100, diskBytes, forms },
});
const PARTS = [
  partOf(20261120, 500, read('shout', 5), read('gone', 2), { form: 'message', parser: '', events: 3 }),
  partOf(20261119, 900, read('gone', 4), { form: 'json_remade', parser: '', events: 7 }),
];

const plan = (
  request: PlanContext['request'],
  room = 1_000,
  archived: PlanContext['archived'] = [],
): ReturnType<typeof planOf> =>
  planOf(PARTS, { request, archived, hasParser: (name) => ['auto', 'shout'].includes(name), room });

const NOT_ASKED = 'Leave parsed_by away to read these too.';

it('tells day by day what there is to be read, and by whom it was', () => {
  const { days, parsers } = plan({});
  expect(days).toEqual([
    {
      ...{ day: '2026-11-20', generation: 0, events: 10, part_events: 100, disk_bytes: 500 },
      forms: { text: 7, message: 3, json: 0, json_remade: 0 },
    },
    {
      ...{ day: '2026-11-19', generation: 0, events: 11, part_events: 100, disk_bytes: 900 },
      forms: { text: 4, message: 0, json: 0, json_remade: 7 },
    },
  ]);
  expect(parsers).toEqual([
    { parser: 'gone', events: 6 },
    { parser: 'shout', events: 5 },
    { parser: '', events: 3 },
  ]);
});

it('leaves days alone that archives answer for, whether their hot copy is there still or not', () => {
  const archived = [20261119, 20261101].map((day) => ({ day, generation: 0, events: 50 }));
  const { days, left_alone: left } = plan({ parser: 'shout' }, 1_000, archived);
  expect(days.map(({ day }) => day)).toEqual(['2026-11-20']);
  expect(left).toMatchObject([{ reason: 'archived', events: 100 }]);
});

it('tells once, for all days, which lines stay because their parser is gone, and how to read them', () => {
  const { events, left_alone: left } = plan({});
  expect([events, left]).toEqual([
    15,
    [{ reason: 'parser_missing', events: 6, mend: expect.stringContaining('"parsed_by": "gone"') }],
  ]);
  expect(plan({ parser: 'shout' })).toMatchObject({ events: 21, left_alone: [] });
  expect(plan({ parser: 'shout', parsed_by: 'gone' })).toMatchObject({
    ...{ events: 6, left_alone: [{ reason: 'not_asked', events: 15, mend: NOT_ASKED }] },
  });
});

it.each([
  ['shout', 5, 16],
  ['', 3, 18],
  ['auto', 0, 21],
])('with parsed_by "%s" reads %i events and leaves %i', (by, events, left) => {
  expect(plan({ parsed_by: by })).toMatchObject({
    ...{ events, left_alone: [{ reason: 'not_asked', events: left, mend: NOT_ASKED }] },
  });
});

it('needs room for the largest day that is copied', () => {
  expect(plan({})).toMatchObject({ disk_bytes_needed: 900, disk_bytes_free: 1_000, fits: true });
  expect(plan({}, 900)).toMatchObject({ fits: false });
  expect(plan({ parsed_by: 'shout' }, 900)).toMatchObject({ disk_bytes_needed: 500, fits: true });
  expect(plan({}, -5)).toMatchObject({ disk_bytes_free: 0, fits: false });
});

it('needs none where nothing is copied', () => {
  expect(plan({ parsed_by: 'nobody' }, 0)).toMatchObject({ disk_bytes_needed: 0, fits: true });
});

it('shows a day as a date', () => {
  expect(dayOf(20261101)).toBe('2026-11-01');
});
