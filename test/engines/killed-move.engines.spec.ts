import { setTimeout } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { groupOf, topicOf } from '#event-bus/testing';
import { MoveRig, type Json } from '../faults/move-rig.js';
import { DAYS, MOVES, moveThrough, PER_DAY } from '../faults/move-through.js';
import { startEnginesOfMoves, type EnginesOfMoves } from './moved-on-engines.js';

const COPIES = ['archive.counted:1', 'archive.exported:1', 'archive.put:1', 'archive.signed:1'];
const ALL = DAYS.length * PER_DAY;
const KEEP = { tenant: { keep: 'search 7d -> archive forever' } };

/** What may become of a request to the bucket, and of which; each is answered by another try. */
const FAULTS = [
  ['SlowDown', /^PUT .*parquet/],
  ['InternalError', /^PUT .*json/],
  ['lost', /^PUT .*parquet/],
  ['cut', /^GET .*parquet/],
  ['short', /^GET .*parquet/],
] as const;

let engines: EnginesOfMoves;
let rig: MoveRig;
beforeEach(async () => {
  engines = await startEnginesOfMoves();
  rig = await MoveRig.start(engines.archive);
}, 180_000);
afterEach(async () => {
  await rig.dispose();
  await engines.stop();
});

it('on Kafka, MongoDB, ClickHouse, Redis and S3 days move into the archive, leave search and are deleted there, whatever kills the server, and no count has a gap or a double', async () => {
  await moveThrough(rig, [...COPIES, ...MOVES]);
}, 900_000);

/** While this is done every count is of all these events. */
async function counting<T>(events: number, work: () => Promise<T>): Promise<T> {
  const totals = rig.count();
  const done = await work();
  await totals.stop();
  expect([...totals.seen]).toEqual([events]);
  return done;
}

it('a bucket that is slow, fails, or gives back other bytes never costs a hot copy, and a topic that is read again stores nothing twice', async () => {
  const { proxy } = engines;
  await rig.totals.stop();
  for (const [n, [fault, request]] of FAULTS.entries()) {
    await rig.send(DAYS.slice(n, n + 1), PER_DAY);
    proxy.script(request, fault, 1);
    const run = await counting((n + 1) * PER_DAY, () => rig.apply(KEEP));
    expect([fault, proxy.happened, run['copied'], run['moved']]).toMatchObject([
      ...[fault, 1, { units: 1 }, { units: 1 }],
    ]);
  }

  // Late events of the first day, whose copy is not what was put.
  await rig.send(DAYS.slice(0, 1), 1);
  const all = ALL + 1;
  proxy.script(/^GET .*parquet/, 'wrong', 1);
  // Nobody counts meanwhile: that would read files, too.
  expect([await rig.apply(), proxy.happened]).toMatchObject([
    {
      ...{ copied: { units: 0 }, not_copied: { units: 1 } },
      units: [{ outcome: 'not_copied', reason: 'damaged' }, { outcome: 'not_moved' }],
    },
    1,
  ]);
  expect(await counting(all, () => rig.apply())).toMatchObject({ copied: { units: 1 }, moved: { units: 1 } });

  await rig.passGrace();
  proxy.script(/^GET .*parquet/, 'wrong', 1);
  const evicted = await rig.apply();
  expect([proxy.happened, evicted]).toMatchObject([1, { removed: { units: 5 }, kept: { units: 1 } }]);
  expect((evicted['units'] as Json[])[0]).toMatchObject({ outcome: 'kept', reason: 'damaged' });
  expect(await counting(all, () => rig.apply())).toMatchObject({ copied: { units: 1 }, moved: { units: 1 } });
  await rig.passGrace();
  expect(await counting(all, () => rig.apply())).toMatchObject({ removed: { units: 1 } });
  expect(await rig.states()).toEqual(['search 0, archive 6']);

  await rig.appliance.stop();
  await replayTopic(engines);
  await rig.appliance.restart();
  // What comes behind it is stored when the bus has looked at all of it.
  expect(await rig.send(DAYS.slice(1, 2), 1)).toMatchObject({ stored: 1 });
  await counting(all + 1, () => setTimeout(2_000));
  const { rows = [] } = (await rig.call('GET', 'ledger')) as { rows?: readonly Json[] };
  const sumOf = (count: string): number => rows.reduce((sum, row) => sum + Number(row[count]), 0);
  expect(['received', 'stored', 'residue'].map(sumOf)).toEqual([all + 1, all + 1, 0]);
}, 900_000);

/** What the group of the bus has read counts as unread again, as after a mistake of an operator. */
async function replayTopic({ brokers, topicPrefix: prefix }: EnginesOfMoves): Promise<void> {
  const admin = new Kafka({ clientId: 'replay', brokers: brokers.split(','), logLevel: 0 }).admin();
  await admin.connect();
  const group = groupOf({ prefix });
  // Who was killed counts as a member for a while.
  for (let state = ''; state !== 'Empty'; await setTimeout(500)) {
    const { groups } = await admin.describeGroups([group]);
    state = groups[0]?.state ?? '';
  }
  await admin.resetOffsets({ groupId: group, topic: topicOf({ prefix }), earliest: true });
  await admin.disconnect();
}
