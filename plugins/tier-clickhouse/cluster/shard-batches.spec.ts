import { describe, expect, it } from 'vitest';
import { batchOf, blockOf, EVERY_FIELD } from '../testing/sample-events.js';
import { shardBatches, shardOf } from './shard-batches.js';

const stream = { tenant: 'acme', name: 'web', eventType: EVERY_FIELD, keepRaw: 'when_needed' as const };
const some = Array.from({ length: 40 }, (_, n) => {
  const block = blockOf(stream, ['{"n":1}']);
  return { ...block, header: { ...block.header, source: `source-${n % 5}` } };
});
const batch = { ...batchOf(stream, []), blocks: some };
const idsOf = (parts: ReturnType<typeof shardBatches>) =>
  parts.map(({ shard, batch: { blocks } }) => [shard, ...blocks.map(({ header }) => header.id)]);

describe('a batch among shards', () => {
  it.each(['batch', 'block', 'source', 'stream'] as const)('goes the same ways again by %s', (key) => {
    const first = shardBatches(batch, key, 3);
    expect(idsOf(shardBatches({ ...batch, token: 'other' }, key, 3))).toEqual(idsOf(first));
    const blocks = first.flatMap((part) => part.batch.blocks);
    expect(new Set(blocks)).toEqual(new Set(some));
    expect(blocks).toHaveLength(some.length);
  });

  it.each(['batch', 'stream'] as const)('stays whole by %s', (key) => {
    const [one, ...others] = shardBatches(batch, key, 3);
    expect([one?.batch, others]).toEqual([batch, []]);
  });

  it('is divided by block or source, with the rows that are left out where their block is', () => {
    const skip = some.map(({ header }) => ({ block: header.id, row: 0 }));
    for (const key of ['block', 'source'] as const) {
      const parts = shardBatches({ ...batch, skip }, key, 2);
      expect(parts.map(({ shard }) => shard)).toEqual([0, 1]);
      for (const { batch: part } of parts)
        expect(part.skip.map(({ block }) => block)).toEqual(part.blocks.map(({ header }) => header.id));
    }
  });

  it('keeps a source on one shard', () => {
    for (const { batch: part, shard } of shardBatches(batch, 'source', 3))
      for (const { header } of part.blocks) expect(shardOf(`acme/web/${header.source}`, 3)).toBe(shard);
  });

  it('with nothing goes nowhere', () => {
    expect(shardBatches({ ...batch, blocks: [] }, 'block', 3)).toEqual([]);
  });
});

it('shards get about as much each', () => {
  const counts = [0, 0, 0];
  for (let n = 0; n < 3_000; n += 1) counts[shardOf(`text ${n}`, 3)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});
