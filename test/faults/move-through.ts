import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { restartAtPoint } from '../support/restart-at-point.js';
import type { Json, MoveRig } from './move-rig.js';

export const DAYS = Array.from({ length: 5 }, (_, n) => `2025-06-0${n + 1}`);
export const PER_DAY = 50;
/** Where the process is killed, one after the other, each in the move of a day: the next start goes on. */
export const MOVES = [
  'archive.committed:3',
  'archive.before-answer:1',
  'archive.answering:1',
  'archive.answering:2',
];
/** The same where the hot copies go. */
const EVICTIONS = [
  'retention.asked:1',
  'retention.going:1',
  'retention.removed:1',
  'retention.before-account:1',
  'retention.accounted:1',
];

/** A day's whole life, with kills at each step, while no count has a gap or a double. */
export async function moveThrough(rig: MoveRig, moves: readonly string[]): Promise<void> {
  const { tier } = rig;
  const all = DAYS.length * PER_DAY;
  await rig.totals.stop();
  expect(await rig.send(DAYS, PER_DAY)).toMatchObject({ stored: all });
  rig.totals = rig.count();
  const moved = await rig.applyThrough(moves, { tenant: { keep: `search 7d -> ${tier.name} forever` } });
  expect(moved).toMatchObject({
    copied: { units: 5 },
    moved: { units: 5, events: all },
    removed: { units: 0 },
  });
  expect(await rig.states()).toEqual(['search 5, archive 5']);
  const found = await rig.call('POST', 'logs', {
    start_time: '2025-06-02T00:00:00Z',
    end_time: '2025-06-03T00:00:00Z',
    limit: 1,
  });
  expect(found['total']).toBe(PER_DAY);
  const [event] = found['logs'] as Json[];

  await rig.passGrace();
  const evicted = await rig.applyThrough(EVICTIONS);
  expect(evicted).toMatchObject({ removed: { units: 5, events: all }, read_back: { gone: 5, wrong: 0 } });
  expect((evicted['units'] as Json[])[0]).toMatchObject({ outcome: 'removed', kept_in: tier.name });
  expect(await rig.states()).toEqual(['search 0, archive 5']);
  expect(await rig.call('GET', `logs/${String(event?.['event_id'])}`)).toMatchObject({
    event_id: event?.['event_id'],
  });
  const { rows } = (await rig.call('GET', 'ledger')) as { rows?: readonly Json[] };
  expect(rows).toMatchObject([{ stored: all, archived: all, residue: 0 }]);
  await rig.totals.stop();
  expect([...rig.totals.seen]).toEqual([all]);
  // A quick machine leaves time for a few.
  expect(rig.totals.answers).toBeGreaterThan(3);

  // What comes late of an archived day is found at once, and goes the same way.
  expect(await rig.send(DAYS.slice(0, 1), 3)).toMatchObject({ stored: 3 });
  rig.totals = rig.count();
  expect(await rig.apply()).toMatchObject({
    copied: { units: 1, events: 3 },
    moved: { units: 1, events: 3 },
  });
  await rig.passGrace();
  expect(await rig.apply()).toMatchObject({ removed: { units: 1, events: 3 } });
  await rig.totals.stop();
  expect([...rig.totals.seen]).toEqual([all + 3]);
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 6'], 12]);

  const last = await rig.applyThrough(['archive.trashed:2'], {
    tenant: { keep: `search 7d -> ${tier.name} 1d -> delete` },
  });
  expect(last).toMatchObject({ removed: { units: 6, events: all + 3 } });
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 0'], 12]);

  // Deleted by mistake: it comes back at once, and goes again where nothing keeps it.
  const time = { stream: 'default', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };
  const back = { units: 3, events: 2 * PER_DAY + 3 };
  expect(await rig.call('POST', 'archives/undelete', time)).toMatchObject(back);
  expect(await rig.call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: back.events });
  expect(await rig.apply()).toMatchObject({ removed: back });
  expect(await rig.call('POST', 'logs', { ...time, limit: 1 })).toMatchObject({ total: 0 });

  await restartAtPoint(rig.appliance, 'archive.purging:1');
  await rig.call('DELETE', 'archives/trash').catch(() => undefined);
  expect(await rig.appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(rig.appliance, undefined);
  for (const deadline = Date.now() + 60_000; (await rig.objects()) > 0 && Date.now() < deadline;)
    await setTimeout(50);
  expect([await rig.states(), await rig.objects()]).toEqual([['search 0, archive 0'], 0]);
  expect(await rig.call('GET', 'archives/trash')).toMatchObject({ units: 0 });
  expect(await rig.call('GET', 'retention/status')).toMatchObject({ lost_units: [], damaged_archives: [] });
}
