import { describe, expect, it } from 'vitest';
import type { TierBatch } from '#plugin-kit';
import { FakeTier, type InsertEnd } from '../testing/fake-tier.js';
import { deliveriesOf, STREAM } from '../testing/scene.js';
import { InsertProtocol } from './insert-protocol.js';

function batchOf(...blocks: string[][]): TierBatch {
  const deliver = deliveriesOf();
  const made = blocks.map((lines) => deliver(...lines).block);
  return { stream: STREAM, token: 'batch-1', blocks: made, skip: [] };
}

const linesIn = (tier: FakeTier) => tier.tables.stored.map(({ line }) => line).sort();

describe('the insert protocol', () => {
  it('stores a fresh batch by one insert, under its own token', async () => {
    const tier = new FakeTier();
    const report = await new InsertProtocol(tier).insert(batchOf(['a', '!b'], ['c']));
    expect(report).toMatchObject({ stored: 2, quarantined: [{ row: 1, reason: 'not_json' }] });
    expect(tier.calls).toEqual(['insert 3']);
    expect(tier.tokens).toEqual(['batch-1']);
  });

  it.each<InsertEnd>(['before', 'partial', 'after'])(
    'settles an insert that ended "%s" with every row once and the roll-ups right',
    async (end) => {
      const tier = new FakeTier();
      tier.ends = [end];
      const protocol = new InsertProtocol(tier);
      const batch = batchOf(['a', '!b', 'c'], ['d', 'e day:20200101']);
      await expect(protocol.insert(batch)).rejects.toMatchObject({ failure: 'unavailable' });
      const report = await protocol.settle(batch);
      expect(report.stored).toBe(4);
      expect(report.quarantined).toEqual([expect.objectContaining({ row: 1 })]);
      expect(linesIn(tier)).toEqual(['a', 'c', 'd', 'e day:20200101']);
      expect(await tier.checkRollUps()).toEqual([]);
    },
  );

  it('halves a batch that the memory of the engine does not do for, block by block', async () => {
    const tier = new FakeTier();
    tier.mostRows = 2;
    const protocol = new InsertProtocol(tier);
    const batch = batchOf(['a'], ['b', '!c'], ['d day:20200101'], ['e']);
    await expect(protocol.insert(batch)).rejects.toMatchObject({ exhausted: true });
    const report = await protocol.settle(batch);
    expect([report.stored, report.quarantined.length]).toEqual([4, 1]);
    expect(linesIn(tier)).toEqual(['a', 'b', 'd day:20200101', 'e']);
    expect(await tier.checkRollUps()).toEqual([]);
    expect(new Set(tier.tokens).size).toBe(tier.tokens.length);
  });

  it('waits where the memory does not do for a single block', async () => {
    const tier = new FakeTier();
    tier.mostRows = 1;
    const protocol = new InsertProtocol(tier);
    await expect(protocol.settle(batchOf(['a', 'b']))).rejects.toMatchObject({ retryable: true });
    tier.mostRows = 2;
    expect((await protocol.settle(batchOf(['a', 'b']))).stored).toBe(2);
  });

  it('inserts only what is missing, under a token that was never used', async () => {
    const tier = new FakeTier();
    tier.ends = ['partial', 'before'];
    const protocol = new InsertProtocol(tier);
    const batch = batchOf(['a', 'b', 'c', 'd']);
    await expect(protocol.insert(batch)).rejects.toThrow();
    await expect(protocol.settle(batch)).rejects.toThrow();
    await protocol.settle(batch);
    expect(tier.calls.filter((call) => call.startsWith('insert'))).toEqual([
      'insert 4',
      'insert 2',
      'insert 2',
    ]);
    expect(new Set(tier.tokens).size).toBe(3);
  });

  it('asks the engine for no insert where everything is there', async () => {
    const tier = new FakeTier();
    const protocol = new InsertProtocol(tier);
    const batch = batchOf(['a', '!b']);
    await protocol.insert(batch);
    tier.calls.length = 0;
    expect((await protocol.settle(batch)).stored).toBe(1);
    expect(tier.calls).not.toContainEqual(expect.stringContaining('insert'));
  });

  it('leaves out rows that were deduplicated, at first and when it settles', async () => {
    const tier = new FakeTier();
    tier.ends = ['partial'];
    const protocol = new InsertProtocol(tier);
    const batch = batchOf(['a', 'b', 'c']);
    const skipping = { ...batch, skip: [{ block: batch.blocks[0]!.header.id, row: 1 }] };
    await expect(protocol.insert(skipping)).rejects.toThrow();
    expect((await protocol.settle(skipping)).stored).toBe(2);
    expect(linesIn(tier)).toEqual(['a', 'c']);
  });

  it('makes the roll-ups again only of days that the batch touched', async () => {
    const tier = new FakeTier();
    const protocol = new InsertProtocol(tier);
    await protocol.insert(batchOf(['old day:20200101']));
    tier.tables.rollUps.set(20200101, 7);
    tier.ends = ['partial'];
    const batch = batchOf(['a', 'b']);
    await expect(protocol.insert(batch)).rejects.toThrow();
    await protocol.settle(batch);
    expect(tier.rebuilt).toEqual([20261121]);
  });

  it('puts the one row that the engine refuses into quarantine and stores all others once', async () => {
    const tier = new FakeTier();
    const batch = batchOf(['a', 'b', 'c'], ['d', 'poison', '!f', 'g']);
    const report = await new InsertProtocol(tier).insert(batch);
    expect(linesIn(tier)).toEqual(['a', 'b', 'c', 'd', 'g']);
    expect(report.stored).toBe(5);
    expect(tier.tables.quarantined.map(({ line, reason }) => [line, reason]).sort()).toEqual([
      ['!f', 'not_json'],
      ['poison', 'engine:tier_data'],
    ]);
    expect(report.quarantined).toHaveLength(2);
    expect(await tier.checkRollUps()).toEqual([]);
  });

  it('reports a batch truly that was half stored when one of its rows turned out to be refused', async () => {
    const tier = new FakeTier();
    tier.ends = ['partial'];
    const protocol = new InsertProtocol(tier);
    const whole = batchOf(['a', 'b', 'c', 'poison']);
    const stored = { ...whole, skip: [{ block: whole.blocks[0]!.header.id, row: 3 }] };
    await expect(protocol.insert(stored)).rejects.toThrow();
    expect(await protocol.settle(whole)).toMatchObject({ stored: 3, quarantined: [{ row: 3 }] });
    expect(linesIn(tier)).toEqual(['a', 'b', 'c']);
  });

  it('passes on a failure in the middle of the search for a refused row, and ends the search next time', async () => {
    const tier = new FakeTier();
    const protocol = new InsertProtocol(tier);
    const batch = batchOf(['a', 'b', 'poison', 'd']);
    tier.reach = (call) => {
      if (call.startsWith('refuse')) throw new Error('gone');
    };
    await expect(protocol.insert(batch)).rejects.toThrow('gone');
    tier.reach = () => {};
    expect(await protocol.settle(batch)).toMatchObject({ stored: 3, quarantined: [{ row: 2 }] });
    expect(linesIn(tier)).toEqual(['a', 'b', 'd']);
  });
});
