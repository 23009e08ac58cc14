import { expect, it } from 'vitest';
import type { JobRecord, NewJob } from '#job-queue';
import { BackupOrders } from './backup-orders.js';

function start(
  target: string | undefined,
  states: readonly JobRecord['state'][],
  elsewhere: readonly string[],
) {
  const added: NewJob[] = [];
  const orders = new BackupOrders({
    backups: { target, process: 'p1' },
    elsewhere,
    queue: {
      add: async (job) => ({ added: added.push(job) > 0 }),
      list: async () => states.map((state) => ({ state }) as JobRecord),
    },
  });
  return { added, orders };
}

it('is one job, for this process alone, that is not tried again by another', async () => {
  const { added, orders } = start('/backups', ['done', 'failed'], []);
  const id = await orders.order();
  expect(added).toEqual([{ kind: 'backup.make', id, attempts: 1, payload: { process: 'p1' } }]);
});

it.each([
  ['no place is set', start(undefined, [], []), 'backup_not_set'],
  ['data is on servers', start('/backups', [], ['Events are elsewhere.']), 'backup_not_whole'],
  ['one waits', start('/backups', ['waiting'], []), 'backup_running'],
  ['one runs', start('/backups', ['running'], []), 'backup_running'],
])('is refused where %s', async (_, { orders, added }, code) => {
  await expect(orders.order()).rejects.toMatchObject({ code });
  expect(added).toEqual([]);
});
