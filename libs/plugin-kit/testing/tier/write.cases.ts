import assert from 'node:assert/strict';
import { formatEventId } from '#event-model';
import type { TierCase } from './contract-case.js';
import {
  EVERYTHING,
  makeQuery,
  makeStream,
  makeStreamBlock,
  makeTierBatch,
  MIXED_LINES,
  MIXED_ROWS,
  placesOf,
  rowsIn,
  rowsOf,
  storeLines,
} from './scene.js';

/** What an insert does, and what it doesn't. */
export const writeCases: readonly TierCase[] = [
  {
    promise: 'prepare',
    name: 'may be done again and at once, and keeps what is there',
    distributed:
      'CREATE … IF NOT EXISTS on every replica; createCollection and createIndexes are idempotent too',
    async run({ tier, tenant, reopen }) {
      const stream = makeStream(tenant);
      await Promise.all([tier.prepare(stream), tier.prepare(stream)]);
      const block = await storeLines(tier, stream, MIXED_LINES);
      await tier.prepare(stream);
      const after = await reopen();
      await Promise.all([after.prepare(stream), after.prepare(stream)]);
      assert.deepEqual(await rowsOf(after, stream, [block]), [MIXED_ROWS]);
    },
  },
  {
    promise: 'place',
    name: 'each row of each block is stored or refused at its own place, and the report says which',
    distributed: 'row and block travel as columns of RowBinary; as _id {block, row}',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const blocks = Array.from({ length: 12 }, () => makeStreamBlock(stream, MIXED_LINES));
      const report = await tier.insert(makeTierBatch(stream, blocks));
      assert.equal(report.stored, 36);
      assert.equal(report.quarantined.length, 36);
      assert.deepEqual(
        await rowsOf(tier, stream, blocks),
        blocks.map(() => MIXED_ROWS),
      );
      const { events } = await tier.search(makeQuery([stream], { filter: EVERYTHING }));
      const places = blocks.flatMap(({ header }) =>
        MIXED_ROWS.stored.map((row) => formatEventId(header.id, row)),
      );
      assert.deepEqual(events.map(({ event_id }) => event_id).sort(), places.sort());
    },
  },
  {
    promise: 'repeat',
    name: 'the same batch again under its token changes neither table, quarantine nor roll-ups',
    distributed:
      'insert_deduplication_token with a window on every table behind a view; _id refuses the repeat',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const batch = makeTierBatch(stream, [
        makeStreamBlock(stream, MIXED_LINES),
        makeStreamBlock(stream, MIXED_LINES),
      ]);
      const first = await tier.insert(batch);
      const second = await tier.insert(batch);
      assert.deepEqual([second.stored, second.quarantined.length], [first.stored, first.quarantined.length]);
      assert.deepEqual(await rowsOf(tier, stream, batch.blocks), [MIXED_ROWS, MIXED_ROWS]);
      assert.deepEqual([await tier.count(stream), await quarantineOf(tier, tenant)], [6, 6]);
      assert.deepEqual(await tier.checkRollUps(stream), []);
    },
  },
  {
    promise: 'repeat',
    name: 'the same bytes in another block, or under the same moment, are other events',
    distributed: 'the token differs, and an explicit token turns off the comparison of contents',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const blocks = [
        await storeLines(tier, stream, MIXED_LINES),
        await storeLines(tier, stream, MIXED_LINES),
      ];
      const heartbeat = await storeLines(tier, stream, ['{"message":"alive"}', '{"message":"alive"}']);
      assert.deepEqual(await rowsOf(tier, stream, [...blocks, heartbeat]), [
        MIXED_ROWS,
        MIXED_ROWS,
        { stored: [0, 1], refused: [] },
      ]);
    },
  },
  {
    promise: 'skip',
    name: 'rows and whole blocks that are to be left out are in neither target',
    distributed: 'left out while RowBinary is written; left out of the bulk write',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const [a, b] = [makeStreamBlock(stream, MIXED_LINES), makeStreamBlock(stream, MIXED_LINES)];
      const skip = [...rowsIn(a, [0, 1, 2, 3, 4, 5]), ...rowsIn(b, [1, 2])];
      const report = await tier.insert(makeTierBatch(stream, [a, b], skip));
      assert.deepEqual([report.stored, report.quarantined.map(({ row }) => row)], [2, [3, 5]]);
      assert.deepEqual(await rowsOf(tier, stream, [a, b]), [
        { stored: [], refused: [] },
        { stored: [0, 4], refused: ['3 type:status', '5 not_json'] },
      ]);
      assert.deepEqual((await tier.insert(makeTierBatch(stream, [a], skip))).stored, 0);
    },
  },
  {
    promise: 'read-back',
    name: 'tells exactly which rows of each block are in table and quarantine, in the order asked',
    distributed: 'SELECT by block from both targets, on the replica that was written to; find by _id.block',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const blocks = [0, 1, 2].map(() => makeStreamBlock(stream, MIXED_LINES));
      const [a = blocks[0], b = blocks[1]] = blocks;
      if (!a || !b) return;
      await tier.insert(makeTierBatch(stream, [a, b], [...rowsIn(a, [0, 2, 5]), ...rowsIn(b, [1, 3, 4])]));
      assert.deepEqual(await rowsOf(tier, stream, [...blocks].reverse()), [
        { stored: [], refused: [] },
        { stored: [0, 2], refused: ['5 not_json'] },
        { stored: [4], refused: ['1 not_json', '3 type:status'] },
      ]);
      assert.deepEqual(await tier.present(stream, []), []);
      assert.deepEqual(await rowsOf(tier, await otherStream(tier, tenant), [a]), [
        { stored: [], refused: [] },
      ]);
    },
  },
  {
    promise: 'read-back',
    name: 'what is missing can be inserted under a new token, and then each row is there once',
    distributed: 'the same; a replica that lags is asked with select_sequential_consistency',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const blocks = Array.from({ length: 4 }, () => makeStreamBlock(stream, MIXED_LINES));
      const partly = blocks.flatMap((block, n) => rowsIn(block, MIXED_LINES.map((_, row) => row).slice(n)));
      await tier.insert(makeTierBatch(stream, blocks, partly));
      await tier.insert(makeTierBatch(stream, blocks, await placesOf(tier, stream, blocks)));
      assert.deepEqual(
        await rowsOf(tier, stream, blocks),
        blocks.map(() => MIXED_ROWS),
      );
      assert.deepEqual(await tier.checkRollUps(stream), []);
    },
  },
  {
    promise: 'refuse',
    name: 'puts rows into quarantine as they are, but the skipped ones, once for each token',
    distributed: 'INSERT into the quarantine past the views, with a token of its own',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeStreamBlock(stream, MIXED_LINES);
      const batch = makeTierBatch(stream, [block], rowsIn(block, [1, 2, 3]));
      const report = await tier.refuse(batch, 'engine_refused');
      assert.deepEqual([report.stored, report.quarantined.map(({ row }) => row)], [0, [0, 4, 5]]);
      await tier.refuse(batch, 'engine_refused');
      const refused = ['0 engine_refused', '4 engine_refused', '5 engine_refused'];
      assert.deepEqual(await rowsOf(tier, stream, [block]), [{ stored: [], refused }]);
    },
  },
];

async function otherStream(tier: Parameters<typeof rowsOf>[0], tenant: string) {
  const stream = makeStream(tenant, 'other');
  await tier.prepare(stream);
  return stream;
}

async function quarantineOf(tier: Parameters<TierCase['run']>[0]['tier'], tenant: string): Promise<number> {
  const counts = await tier.countQuarantine(tenant);
  return counts.reduce((sum, { events }) => sum + events, 0);
}
