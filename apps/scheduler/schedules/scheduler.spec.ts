import { beforeEach, describe, expect, it } from 'vitest';
import { FakeJobQueue } from '../testing/fake-job-queue.js';
import { Scene } from '../testing/scene.js';
import { ownJobsOf } from './own-jobs.js';
import { Scheduler } from './scheduler.js';
import { SCHEDULES } from './schedules.js';

describe('the scheduler', () => {
  let scene: Scene;
  let queue: FakeJobQueue;
  const start = () => new Scheduler(queue, ownJobsOf(scene)).onApplicationBootstrap();
  const intervals = async () =>
    Object.fromEntries((await queue.list()).map(({ kind, everyMs }) => [kind, everyMs]));
  beforeEach(() => {
    queue = new FakeJobQueue();
    scene = new Scene(queue);
  });

  it('puts every schedule into the queue, once over all restarts', async () => {
    await start();
    await start();
    expect(await intervals()).toEqual({
      'roll-ups.check': 60_000,
      'ledger.reconcile': 20_000,
      expiry: 600_000,
      'audit.upkeep': 86_400_000,
      'quarantine.expire': 3_600_000,
      'archive.scrub': 3_600_000,
      'copies.reconcile': 3_600_000,
      'archive.compact': 3_600_000,
      'archive.holds': 60_000,
      'archive.trash': 600_000,
      'archives.restored-upkeep': 60_000,
      'backup.watch': 60_000,
      'retention.watch': 60_000,
      'client-ids.expire': 600_000,
    });
    expect(await queue.list()).toHaveLength(SCHEDULES.length);
  });

  it('replaces the interval that an older version left', async () => {
    await queue.add({ kind: 'ledger.reconcile', id: 'all-streams', everyMs: 1 });
    await start();
    expect(await intervals()).toMatchObject({ 'ledger.reconcile': 20_000 });
  });

  it('runs its own jobs and leaves those of the worker to the worker', async () => {
    await start();
    const own = [
      'archive.scrub',
      'archives.restored-upkeep',
      'audit.upkeep',
      'expiry',
      'ledger.reconcile',
      'quarantine.expire',
    ];
    expect([...queue.handlers.keys()].sort()).toEqual(own);
    await scene.pass('acme', 0, 1);
    scene.tier.table = [{ source: 'agent', minute: 0, events: 1 }];
    expect(await queue.runNow('ledger.reconcile', 'all-streams')).toBe(true);
    expect(await scene.shownResidue('acme')).toBe(0);
    expect(await queue.runNow('expiry', 'all-tenants')).toBe(true);
    expect(scene.bus.expired).toHaveLength(1);
  });
});
