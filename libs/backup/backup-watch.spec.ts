import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { BackupError } from './backup.errors.js';
import { BackupWatch } from './backup-watch.js';

const MORNING = Date.parse('2026-11-23T01:00:00Z');
const HOUR_MS = 3_600_000;

function start({ isSet = true, at = '02:00' } = {}) {
  const clock = { ms: MORNING };
  const orders: number[] = [];
  const warned: unknown[] = [];
  const state: { last?: { id: string; began_at: number }; refusal?: BackupError } = {};
  const metrics = new Registry();
  const watch = new BackupWatch({
    ...{ catalogue: new MemoryCatalogue(), metrics, isSet, now: () => clock.ms },
    orders: {
      order: async () => {
        if (state.refusal) throw state.refusal;
        return `job-${orders.push(clock.ms)}`;
      },
    },
    record: { last: async () => state.last },
    daily: () => (at === 'off' ? undefined : { at, zone: 'UTC' }),
    logger: { warn: (fields: unknown) => void warned.push(fields) },
  });
  const shown = async () =>
    (await metrics.getSingleMetric('alluvium_backup_last_success_seconds')?.get())?.values[0]?.value;
  return { clock, orders, warned, state, watch, shown };
}

it('orders one backup at each time of day, but none at the first look', async () => {
  const { clock, orders, watch } = start();
  await watch.run();
  expect(orders).toEqual([]);
  for (const hours of [1, 1, 23, 2]) {
    clock.ms += hours * HOUR_MS;
    await watch.run();
    await watch.run();
  }
  expect(orders).toEqual([MORNING + HOUR_MS, MORNING + 25 * HOUR_MS]);
});

it('catches up once on times that passed', async () => {
  const { clock, orders, watch } = start();
  await watch.run();
  clock.ms += 100 * HOUR_MS;
  await watch.run();
  await watch.run();
  expect(orders).toHaveLength(1);
});

it.each([
  ['no place is set', { isSet: false }],
  ['no time is set', { at: 'off' }],
])('orders nothing where %s', async (_, options) => {
  const { clock, orders, watch } = start(options);
  await watch.run();
  clock.ms += 48 * HOUR_MS;
  await watch.run();
  expect(orders).toEqual([]);
});

it('leaves a backup out that is refused, and says why', async () => {
  const { clock, state, warned, watch } = start();
  await watch.run();
  state.refusal = new BackupError('backup_running', 'One backup is made at a time.');
  clock.ms += 2 * HOUR_MS;
  await watch.run();
  await watch.run();
  expect(warned).toEqual([{ err: state.refusal }]);
});

it('shows when the last one began, or the process where there was none, and nothing without a place', async () => {
  const { state, watch, shown } = start();
  await watch.run();
  expect(await shown()).toBe(MORNING / 1_000);
  state.last = { id: 'b', began_at: MORNING + 5_000 };
  await watch.run();
  expect(await shown()).toBe(MORNING / 1_000 + 5);
  const without = start({ isSet: false });
  await without.watch.run();
  expect(await without.shown()).toBe(undefined);
});
