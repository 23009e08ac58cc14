import { expect, it } from 'vitest';
import type { ArchivedUnit, StreamArchive } from '#archived-units';
import type { StoredUnit } from '#plugin-kit';
import { archiveToBe, unitsToMove } from './archives-to-be.js';

const NOW = { lastDay: 20_261_125, at: '2026-11-23T00:00:00.000Z' };

function stored(day: number, generation = 0, events = 5): StoredUnit {
  return { day, generation, events, diskBytes: 9, oldest: 1n, newest: 2n };
}
function archived(state: ArchivedUnit['state'], day: number, generation = 0): ArchivedUnit {
  const name = `${day}-${generation}`;
  return {
    ...{ state, schema: 0, day, generation, events: 5, oldest: '1', newest: '2', sources: [], through: 'f' },
    ...{ manifest: { key: `${name}.json`, sha256: 'a' }, files: [], copied_at: 'then' },
  };
}
const archive = (...units: ArchivedUnit[]): StreamArchive => ({
  ...{ schemas: [{ columns: [], sorted_by: [] }], units, discarded: ['old.parquet'] },
});

it('moves what tables have and no archive answers for, the newest day first', () => {
  const tables = [
    stored(20_260_101),
    stored(20_260_102),
    stored(20_260_102, 1),
    stored(20_260_103),
    stored(20_260_104, 0, 0),
  ];
  const units = unitsToMove(
    tables,
    archive(archived('answering', 20_260_101), archived('copied', 20_260_103)),
  );
  expect(units.map(({ day, generation }) => `${day}-${generation}`)).toEqual([
    ...['20260103-0', '20260102-1', '20260102-0'],
  ]);
});

it('of a stream without archives awaits its units, and puts what comes from now on beside them', () => {
  expect(archiveToBe(undefined, [], NOW)).toBeUndefined();
  expect(archiveToBe(undefined, [stored(20_260_102)], NOW)).toEqual({
    ...{ schemas: [], units: [], discarded: [], sealed: { through: 20_261_125, generation: 1 } },
    awaited: [{ day: 20_260_102, generation: 0, events: 5, oldest: '1', newest: '2' }],
  });
});

it('lets archives answer alone, gives copies up whose table is gone, and deletes nothing', () => {
  const before: StreamArchive = {
    ...archive(
      archived('evicted', 20_260_101),
      archived('answering', 20_260_102, 3),
      archived('copied', 20_260_103),
    ),
    ...{ sealed: { through: 20_270_101, generation: 2 }, expired: { units: 1, events: 7 } },
    trash: [{ ...archived('evicted', 20_250_101, 6), trashed_at: 'then', order: 'p' }],
  };
  expect(archiveToBe(before, [stored(20_260_103)], NOW)).toMatchObject({
    units: [
      { day: 20_260_101, state: 'evicted' },
      { day: 20_260_102, state: 'evicted', evicted_at: NOW.at },
    ],
    ...{ sealed: { through: 20_270_101, generation: 7 }, discarded: [], expired: before.expired },
    ...{ trash: before.trash, awaited: [{ day: 20_260_103 }] },
  });
});
