import assert from 'node:assert/strict';
import type { CountedUnit, StreamPart, StreamSpec } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import {
  at,
  makeQuery,
  makeStream,
  makeStreamBlock,
  makeTierBatch,
  MIXED_LINES,
  storeLines,
} from './scene.js';

const DAY = 20_261_120;

/** Days as policies see them, counted and removed. */
export const retentionCases: readonly TierCase[] = [
  {
    promise: 'retention',
    name: 'units are days with their events, bytes and times, the oldest first; a stream without events has none',
    distributed: 'system.parts of each shard; documents by day',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      assert.deepEqual(await tier.storedUnits(stream), []);
      await storeLines(tier, stream, MIXED_LINES);
      const units = await tier.storedUnits(stream);
      assert.deepEqual(
        units.map(({ day, generation, events, oldest, newest }) => [day, generation, events, oldest, newest]),
        [
          [20_261_119, 0, 1, at('2026-11-19T23:59:59.999999999Z'), at('2026-11-19T23:59:59.999999999Z')],
          [DAY, 0, 2, at('2026-11-20T08:00:00Z'), at('2026-11-20T08:00:00.000000001Z')],
        ],
      );
      assert.ok(units.every(({ diskBytes }) => diskBytes > 0));
    },
  },
  {
    promise: 'retention',
    name: 'a day is removed with all that was counted of it, once; other days and quarantine stay',
    distributed: 'DROP PARTITION on each shard; deleteMany by day',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await storeLines(tier, stream, MIXED_LINES, { source: 'a' });
      await storeLines(tier, stream, MIXED_LINES, { source: 'b', receivedAt: at('2026-11-21T12:01:00Z') });
      const part = partOf(stream);
      const counted = await countedOf(tier, part);
      assert.deepEqual(
        [counted.events, counted.lastReceivedAt, await minutesOf(tier, part, counted)],
        [4, at('2026-11-21T12:01:00Z'), ['12:00 a 2', '12:01 b 2']],
      );
      await tier.removeUnit(part, counted.through);
      await tier.removeUnit(part, counted.through);
      await tier.rebuildRollUps(stream, DAY);
      const opened = await reopen();
      assert.equal(await opened.countUnit(part), undefined);
      assert.deepEqual(
        (await opened.storedUnits(stream)).map(({ day, events }) => [day, events]),
        [[20_261_119, 2]],
      );
      assert.deepEqual(await opened.checkRollUps(stream), []);
      assert.equal((await opened.countQuarantine(tenant)).length, 2);
    },
  },
  {
    promise: 'retention',
    name: 'what came since a day was counted isn’t in the count up to then, and stays',
    distributed: 'a mutation on each shard; deleteMany by day and block',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await storeLines(tier, stream, MIXED_LINES);
      const part = partOf(stream);
      const counted = await countedOf(tier, part);
      await storeLines(tier, stream, [line('2026-11-20T10:00:00Z', 'late')], { source: 'late' });
      assert.deepEqual(await tier.countUnit(part, counted.through), counted);
      const all = await countedOf(tier, part);
      assert.equal(all.events, 3);
      assert.notEqual(all.identities, counted.identities);
      await tier.removeUnit(part, counted.through);
      await tier.rebuildRollUps(stream, DAY);
      await tier.removeUnit(part, counted.through);
      const opened = await reopen();
      const { events } = await opened.search(makeQuery([stream]));
      assert.deepEqual(
        events.map(({ source }) => source),
        ['agent-1', 'late'],
      );
      assert.deepEqual(await opened.checkRollUps(stream), []);
      await storeLines(opened, stream, [line('2026-11-20T11:00:00Z', 'later')]);
      assert.equal((await countedOf(opened, part)).events, 2);
    },
  },
  {
    promise: 'retention',
    name: 'late events of sealed days stand in the generation that is for them, all others in the first',
    distributed: 'as the writer says, on each shard',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await storeLines(tier, stream, MIXED_LINES);
      const late = [
        line('2026-11-20T10:00:00Z', 'late'),
        '{"timestamp":"2026-11-19T01:00:00Z","extra":{"n":[1]}}',
        line('2026-11-21T10:00:00Z', 'new'),
      ];
      for (const sealed of [
        { through: DAY, generation: 1 },
        { through: DAY, generation: 2 },
      ])
        await tier.insert({ ...makeTierBatch(stream, [makeStreamBlock(stream, late)]), sealed });
      const opened = await reopen();
      assert.deepEqual(
        (await opened.storedUnits(stream)).map(({ day, generation, events }) => [day, generation, events]),
        [
          ...[0, 1, 2].map((generation) => [20_261_119, generation, 1]),
          ...[0, 1, 2].map((generation) => [DAY, generation, generation === 0 ? 2 : 1]),
          [20_261_121, 0, 2],
        ],
      );
      await opened.removeUnit(partOf(stream), (await countedOf(opened, partOf(stream))).through);
      await opened.rebuildRollUps(stream, DAY);
      assert.equal((await opened.search(makeQuery([stream]))).events.length, 7);
      assert.deepEqual(await opened.checkRollUps(stream), []);
    },
  },
];

function partOf(stream: StreamSpec): StreamPart {
  return { stream, day: DAY, generation: 0 };
}

function line(timestamp: string, message: string): string {
  return JSON.stringify({ timestamp, message });
}

async function countedOf(tier: ContractTier, part: StreamPart): Promise<CountedUnit> {
  const counted = await tier.countUnit(part);
  assert.ok(counted);
  return counted;
}

async function minutesOf(tier: ContractTier, part: StreamPart, { through }: CountedUnit): Promise<string[]> {
  const counts = await tier.countUnitByMinute(part, through);
  return counts
    .map(
      ({ source, minute, events }) => `${new Date(minute).toISOString().slice(11, 16)} ${source} ${events}`,
    )
    .sort();
}
