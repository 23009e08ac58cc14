import { expect, it } from 'vitest';
import type { ArchivedUnit } from '#archived-units';
import type { Filter, StreamSpec } from '#plugin-kit';
import type { ArchivesOfStreams } from './archives-of-streams.js';
import { DaysInSearch } from './days-in-search.js';

const HOUR_MS = 3_600_000;
const EVERYTHING: Filter = { kind: 'all', of: [] };
const BEGAN = Date.parse('2026-06-01T00:00:00Z');
const DAY_NS = 86_400_000_000_000n;

/** Asks whether an export that began at BEGAN may go on so many hours later, of one archived unit that is so. */
function ask(unit: Partial<ArchivedUnit>, hours: number, graceHours = 12): Promise<void> {
  const [oldest, newest] = ['0', String(DAY_NS - 1n)];
  const whole = { day: 19_700_101, state: 'answering', oldest, newest, ...unit } as ArchivedUnit;
  const archives: Pick<ArchivesOfStreams, 'of'> = {
    of: async () => ({ archive: { units: [whole], schemas: [] }, place: 'own', objects: {} as never }),
  };
  const settings = { current: { archiveGraceHours: graceHours } as never };
  const streams = [{ tenant: 'acme', name: 'web' } as StreamSpec];
  const selection = {
    ...{ tenant: 'acme', streams, filter: EVERYTHING, timeoutMs: 1 },
    from: 0n,
    to: DAY_NS,
  };
  const times = { beganMs: BEGAN, nowMs: BEGAN + hours * HOUR_MS };
  return new DaysInSearch(archives as ArchivesOfStreams, settings).require(selection, times);
}
const sinceHour = (hour: number) => ({ answering_since: new Date(BEGAN + hour * HOUR_MS).toISOString() });

it('an export ends before a day that moved since it began leaves search', async () => {
  await ask(sinceHour(1), 12.9);
  for (const state of ['answering', 'evicted'] as const)
    await expect(ask({ ...sinceHour(1), state }, 13)).rejects.toMatchObject({
      ...{
        code: 'export_outlived_days',
        message: expect.stringContaining('day 19700101 of the stream "web"'),
      },
    });
  await expect(ask(sinceHour(1), 2, 1)).rejects.toMatchObject({ code: 'export_outlived_days' });
});

it('whatever moved before it began, isn’t of its time or isn’t the archive’s yet is no matter', async () => {
  await ask(sinceHour(-1), 100);
  await ask({ state: 'copied' }, 100);
  const day = { oldest: String(DAY_NS), newest: String(2n * DAY_NS) };
  await ask({ ...sinceHour(1), ...day }, 100);
});
