import assert from 'node:assert/strict';
import type { BlockId } from '#event-model';
import type { StreamSpec } from '#plugin-kit';
import type { ContractTier, TierCase } from './contract-case.js';
import { makeStream, makeStreamBlock, makeTierBatch } from './scene.js';

export const clientIdCases: readonly TierCase[] = [
  {
    promise: 'client-ids',
    name: 'are the text or number under the key id, with their places, nothing stored',
    distributed: 'read from the lines before they are sent; the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const lines = [
        '{"id":"a"}',
        '{"a":{"id":"x"}}',
        '{"\\u0069d":7}',
        'id',
        '{"id":null}',
        '["id"]',
        '{"message":"m"}',
      ];
      const blocks = [
        makeStreamBlock(stream, lines),
        makeStreamBlock(stream, ['{"n":1}']),
        makeStreamBlock(stream, lines),
      ];
      const ids = await tier.clientIds(makeTierBatch(stream, blocks));
      const expected = [blocks[0], blocks[2]].flatMap((block) => [
        `${block?.header.id} 0 a`,
        `${block?.header.id} 2 7`,
      ]);
      assert.deepEqual(ids.map(({ block, row, id }) => `${block} ${row} ${id}`).sort(), expected.sort());
      assert.equal(await tier.count(stream), 0);
    },
  },
  {
    promise: 'client-ids',
    name: 'are asked about once, before any event that has one is stored; those answered are left out',
    distributed: 'the writer asks its index before it sends; the same',
    async run({ tier, tenant }) {
      const stream = makeStream(tenant);
      await tier.prepare(stream);
      const block = makeStreamBlock(stream, [
        '{"message":"m"}',
        '{"id":"a"}',
        '{"id":"b","message":"m"}',
        'junk',
      ]);
      const asked: { ids: string[]; stored: number }[] = [];
      const report = await tier.insert(makeTierBatch(stream, [block]), async (events) => {
        asked.push({
          ids: events.map(({ id }) => id),
          stored: await storedIds(tier, stream, block.header.id),
        });
        return events.filter(({ id }) => id === 'a').map(({ block: of, row }) => ({ block: of, row }));
      });
      assert.deepEqual(asked, [{ ids: ['a', 'b'], stored: 0 }]);
      assert.equal(report.stored, 2);
      assert.deepEqual(
        report.quarantined.map(({ row }) => row),
        [3],
      );
      const [present] = await tier.present(stream, [block.header.id]);
      assert.deepEqual(present?.stored, [0, 2]);
    },
  },
];

/** Which of the rows 1 and 2, that have client ids, are stored. */
async function storedIds(tier: ContractTier, stream: StreamSpec, block: BlockId): Promise<number> {
  const [present] = await tier.present(stream, [block]);
  return (present?.stored ?? []).filter((row) => row === 1 || row === 2).length;
}
