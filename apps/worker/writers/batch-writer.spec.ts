import { describe, expect, it } from 'vitest';
import { BlockOutcomes } from '#ledger';
import { deliveriesOf, droppedDelivery, Scene, STREAM } from '../testing/scene.js';
import type { Batch } from './batch.js';
import { BatchWriter } from './batch-writer.js';

const FAULT_POINTS = [
  'worker.before-state',
  'worker.after-state',
  'worker.insert-answered',
  'worker.after-insert',
  'worker.before-commit',
];

function batchOf(...blocks: string[][]): Batch {
  const deliver = deliveriesOf();
  return { id: 'batch-1', stream: STREAM, deliveries: blocks.map((lines) => deliver(...lines)) };
}

describe('the batch writer', () => {
  it('writes BEFORE, inserts, writes what it came to with AFTER, and only then commits', async () => {
    const scene = new Scene();
    const scope = await scene.scope();
    const seen: unknown[] = [];
    scene.parts.tier.insert = async (batch) => {
      seen.push(scope.state.state?.phase, scene.commits.ids.length);
      return scene.tier.constructor.prototype.insert.call(scene.tier, batch);
    };
    const commit = scope.commit;
    const watched = {
      ...scope,
      commit: async (deliveries: Parameters<typeof commit>[0]) => {
        seen.push(scope.state.state?.phase, await scene.ledger());
        await commit(deliveries);
      },
    };
    const batch = batchOf(['a', '!b'], ['c']);
    await new BatchWriter(scene.parts).write(batch, watched, false);
    const sum = { stored: 2, quarantined: 1, deduplicated: 0, dropped: 0, batch: 'batch-1' };
    expect(seen).toEqual(['BEFORE', 0, 'AFTER', sum]);
    expect(scene.commits.ids).toEqual(batch.deliveries.map(({ block }) => block.header.id));
    expect(scene.reached).toEqual(FAULT_POINTS);
  });

  it('keeps for receipts which rows were refused and which were known, of those blocks alone', async () => {
    const scene = new Scene();
    const writer = new BatchWriter(scene.parts);
    const batch = batchOf(['a'], ['!b', '"id":"x"', '"id":"x"']);
    await writer.write(batch, await scene.scope(), false);
    const [whole, partly] = batch.deliveries.map(({ block }) => block.header.id);
    const kept = await new BlockOutcomes(scene.catalogue).read([whole!, partly!]);
    expect([...kept.keys()]).toEqual([partly]);
    expect(kept.get(partly!)).toMatchObject({ quarantined: { not_json: '0' }, deduplicated: '2' });
    expect(await scene.ledger()).toMatchObject({ stored: 2, quarantined: 1, deduplicated: 1 });
  });

  it('accounts for what policies left out, and asks the tier nothing about it', async () => {
    const scene = new Scene();
    const gone = [droppedDelivery('noise', 3), droppedDelivery('noise', 1), droppedDelivery('debug', 2)];
    const batch = { ...batchOf(['a', '!b']), deliveries: [...batchOf(['a', '!b']).deliveries, ...gone] };
    await new BatchWriter(scene.parts).write(batch, await scene.scope(), false);
    const sum = {
      stored: 1,
      quarantined: 1,
      deduplicated: 0,
      dropped: 6,
      dropped_by: { noise: 4, debug: 2 },
    };
    expect(await scene.ledger()).toEqual({ ...sum, batch: 'batch-1' });
    const ids = gone.map(({ block }) => block.header.id);
    const kept = await new BlockOutcomes(scene.catalogue).read(ids);
    expect(kept.size).toBe(0);
    expect(scene.notices.map(({ blocks }) => blocks.length)).toEqual([1]);
    expect(scene.commits.ids).toHaveLength(4);
  });

  it('stores nothing where all of a batch was left out', async () => {
    const scene = new Scene();
    const batch = { ...batchOf(), deliveries: [droppedDelivery('noise', 3)] };
    await new BatchWriter(scene.parts).write(batch, await scene.scope(), false);
    expect(scene.tier.calls).toEqual([]);
    expect(scene.notices).toEqual([]);
    expect(await scene.ledger()).toMatchObject({ stored: 0, dropped: 3 });
    expect(scene.commits.ids).toHaveLength(1);
  });

  it('reads back before it tries again', async () => {
    const scene = new Scene();
    scene.tier.ends = ['partial', 'after'];
    await new BatchWriter(scene.parts).write(batchOf(['a', 'b', 'c']), await scene.scope(), false);
    expect(scene.tier.tables.stored.map(({ line }) => line)).toEqual(['a', 'b', 'c']);
    expect(scene.logger.lines.map(({ fields }) => fields)).toMatchObject([{ attempt: 1 }, { attempt: 2 }]);
    expect(await scene.ledger()).toMatchObject({ stored: 3 });
  });

  it('commits nothing while the tables do not have what the batch had', async () => {
    const scene = new Scene();
    scene.tier.ends = ['one short'];
    await new BatchWriter(scene.parts).write(batchOf(['a', 'b']), await scene.scope(), false);
    expect(scene.logger.lines[0]?.fields).toMatchObject({
      err: { message: 'A batch of 2 rows is found as 1; it is read back again.' },
    });
    expect(await scene.ledger()).toMatchObject({ stored: 2 });
  });

  it.each(FAULT_POINTS.slice(1))(
    'ends the same after a crash at %s: once in the tables and the ledger',
    async (point) => {
      const scene = new Scene();
      const batch = batchOf(['a', '!b', '"id":"x"'], ['"id":"x"', 'e']);
      scene.dieAt = point;
      await expect(new BatchWriter(scene.parts).write(batch, await scene.scope(1), false)).rejects.toThrow(
        point,
      );
      expect(scene.commits.ids).toEqual([]);

      const next = new Scene(scene.catalogue, scene.tier);
      await new BatchWriter(next.parts).write(batch, await next.scope(2), true);
      expect(scene.tier.tables.stored.map(({ line }) => line).sort()).toEqual(['"id":"x"', 'a', 'e']);
      expect(scene.tier.tables.quarantined).toHaveLength(1);
      expect(await next.ledger()).toMatchObject({ stored: 3, quarantined: 1, deduplicated: 1 });
      expect(next.commits.ids).toHaveLength(2);
    },
  );

  it('leaves the batch to whoever comes next when the process ends while the engine is down', async () => {
    const scene = new Scene();
    scene.tier.reach = () => {
      throw new Error('down');
    };
    const scope = await scene.scope();
    const writing = new BatchWriter(scene.parts).write(batchOf(['a']), scope, false);
    setTimeout(() => scene.ended.abort(new Error('the process is stopping')), 5);
    await expect(writing).rejects.toThrow('the process is stopping');
    expect(scope.state.state).toMatchObject({ phase: 'BEFORE' });
    expect(scene.commits.ids).toEqual([]);
    expect(await scene.ledger()).toBeUndefined();
  });

  it('tells those who follow of each block once, and only when it is off the bus', async () => {
    const scene = new Scene();
    const scope = await scene.scope();
    const writer = new BatchWriter(scene.parts);
    const batch = batchOf(['a', '!b'], ['c']);
    scene.commits.failure = new Error('the bus is away');
    await expect(writer.write(batch, scope, false)).rejects.toThrow('away');
    expect(scene.notices).toEqual([]);
    await writer.commit(batch, scope);
    const [first, second] = batch.deliveries.map(({ block }) => block.header.id);
    const blocks = [
      { id: first, count: 2, bytes: expect.any(Number) },
      { id: second, count: 1, bytes: expect.any(Number) },
    ];
    expect(scene.notices).toEqual([{ stream: STREAM, blocks }]);
  });

  it('begins nothing once the process is stopping', async () => {
    const scene = new Scene();
    const scope = await scene.scope();
    scene.ended.abort(new Error('over'));
    await expect(new BatchWriter(scene.parts).write(batchOf(['a']), scope, false)).rejects.toThrow('over');
    expect(scope.state.state).toMatchObject({ blocks: [] });
    expect(scene.tier.calls).toEqual([]);
  });
});
