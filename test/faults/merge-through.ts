import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { StreamArchive } from '#archived-units';
import { restartAtPoint } from '../support/restart-at-point.js';
import type { Json, MoveRig } from './move-rig.js';

const DAY = '2025-06-01';
const ROUNDS = 4;
const STUCK_MS = 60_000;
const SPAN = { stream: 'default', start_time: '2025-06-01T00:00:00Z', end_time: '2025-06-03T00:00:00Z' };
/** Where the process is killed, one after the other, each in the merge of a day: the next start goes on. */
const MERGES = [
  'compact.read:1',
  'compact.made:1',
  'compact.announced:1',
  'compact.put:1',
  'compact.signed:1',
  'compact.committed:1',
];

/** Four times late events of a day, and each time into the archive and out of search; another day with one file. */
export async function makeSmallFiles(rig: MoveRig): Promise<number> {
  let events = 0;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const days = round === 1 ? [DAY, '2025-06-02'] : [DAY];
    expect(await rig.send(days, round)).toMatchObject({ stored: days.length * round });
    events += days.length * round;
    await rig.apply({ tenant: { keep: 'search 7d -> archive forever' } });
    await rig.passGrace();
    await rig.apply();
  }
  expect(await rig.states()).toEqual([`search 0, archive ${ROUNDS + 1}`]);
  return events;
}

/** Small files become one, with kills at each step, while no count has a gap or a double. */
export async function mergeThrough(rig: MoveRig): Promise<void> {
  await rig.totals.stop();
  const all = await makeSmallFiles(rig);
  const small = { files: ROUNDS, events: 10 };
  expect(await rig.call('GET', 'archives/compaction')).toMatchObject({
    ...{ ...small, days: [{ stream: 'default', day: DAY, ...small, held: false }], replaced: { files: 0 } },
  });
  const identities = await ids(rig);
  rig.totals = rig.count();
  const hold = await rig.call('POST', 'holds', { reason: 'case 7', stream: 'default' });
  expect(await mergeNow(rig)).toMatch(/^0 files .*1 stayed as they are \(held\)/);
  await rig.call('DELETE', `holds/${String(hold['id'])}`);

  for (const point of MERGES) {
    await restartAtPoint(rig.appliance, point);
    await rig.call('POST', 'archives/compaction').catch(() => undefined);
    expect(await rig.appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  }
  await restartAtPoint(rig.appliance, undefined);
  await mergeNow(rig);
  expect(await rig.states()).toEqual(['search 0, archive 2']);
  // The sources are there for those who began before, and nothing else.
  expect(await rig.objects()).toBe(2 * (ROUNDS + 1) + 2);
  expect(await rig.call('GET', 'archives/compaction')).toMatchObject({ files: 0, replaced: small });
  expect(await ids(rig)).toEqual(identities);
  await attachOnce(rig, all);

  await rig.totals.stop();
  // Nothing is deleted by a clock that was never seen before, and nobody has said that it is right.
  const { id: plan } = await rig.call('POST', 'retention/plan', {});
  await rig.call('POST', 'retention/apply', { plan, accept_clock: true });
  await rig.untilDone(plan);
  await passTrash(rig);
  rig.totals = rig.count();
  // What a killed process had given up is deleted by the next look.
  await restartAtPoint(rig.appliance, 'compact.forgotten:1');
  await rig.call('DELETE', 'archives/trash').catch(() => undefined);
  expect(await rig.appliance.exited).toMatchObject({ signal: 'SIGKILL' });
  await restartAtPoint(rig.appliance, undefined);
  await rig.call('DELETE', 'archives/trash');
  for (const deadline = Date.now() + STUCK_MS; (await rig.objects()) > 4 && Date.now() < deadline;)
    await setTimeout(50);
  expect([await rig.objects(), await ids(rig)]).toEqual([4, identities]);
  await attachOnce(rig, all);
  await rig.totals.stop();
  expect([...rig.totals.seen]).toEqual([all]);
  expect(await rig.call('GET', 'retention/status')).toMatchObject({ lost_units: [], damaged_archives: [] });
  const { entries } = (await rig.call('GET', 'audit?action=archive.merge')) as { entries?: readonly Json[] };
  expect(entries?.length).toBe(1);

  const last = await rig.apply({ tenant: { keep: 'search 7d -> archive 1d -> delete' } });
  expect(last).toMatchObject({ removed: { units: 2, events: all } });
  expect(await rig.call('POST', 'archives/undelete', SPAN)).toMatchObject({ units: 2, events: all });
  expect(await ids(rig)).toEqual(identities);
}

/** Merges, and tells what came of it. */
export async function mergeNow(rig: MoveRig): Promise<string> {
  const { job } = await rig.call('POST', 'archives/compaction');
  for (const deadline = Date.now() + STUCK_MS; Date.now() < deadline; await setTimeout(50)) {
    const { state, note } = await rig.call('GET', `jobs/${String(job)}`).catch((): Json => ({}));
    if (state === 'done') return String(note);
  }
  throw new Error(`It was not merged. ${rig.appliance.output().slice(-2_000)}`);
}

export async function ids(rig: Pick<MoveRig, 'call'>): Promise<readonly unknown[]> {
  const { logs } = await rig.call('POST', 'logs', { ...SPAN, limit: 100 });
  return (logs as readonly Json[]).map((event) => event['event_id']).toSorted();
}

/** Whoever attaches the place finds each event once, whatever of it was merged. */
async function attachOnce(rig: MoveRig, events: number): Promise<void> {
  const asked = { name: 'seen', place: 'archive', stream: 'default' };
  expect(await rig.call('POST', 'archives/attach/estimate', asked)).toMatchObject({ units: 2, events });
}

/** Lets what was merged be as old as the trash keeps it. */
export async function passTrash(rig: MoveRig): Promise<void> {
  await rig.changeArchives((archive: StreamArchive) => ({
    ...archive,
    ...(archive.replaced && {
      replaced: archive.replaced.map((unit) => ({ ...unit, replaced_at: '2026-01-01T00:00:00.000Z' })),
    }),
  }));
}
