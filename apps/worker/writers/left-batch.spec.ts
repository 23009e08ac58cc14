import { describe, expect, it } from 'vitest';
import type { Delivery } from '#event-bus';
import { deliveriesOf } from '../testing/scene.js';
import type { IngestState } from './ingest-state.js';
import { LeftBatch } from './left-batch.js';

function stateOf(phase: IngestState['phase'], deliveries: readonly Delivery[]): IngestState {
  return { phase, epoch: 1, batch: 'old', blocks: deliveries.map(({ block }) => block.header.id) };
}

describe('the batch that was left', () => {
  const start = (phase: IngestState['phase']) => {
    const deliver = deliveriesOf();
    const [a, b, c] = [deliver('a'), deliver('b'), deliver('c')];
    const pending = new Set([a, b].map(({ block }) => block.header.id));
    const left = new LeftBatch(stateOf(phase, [a, b]), (ids) => ids.some((id) => pending.has(id)));
    return { a, b, c, pending, left };
  };

  it('takes its own blocks and no other', () => {
    const { a, c, left } = start('BEFORE');
    expect(left.isEmpty).toBe(true);
    expect([left.take(a), left.take(c)]).toEqual([true, false]);
    expect(left.isEmpty).toBe(false);
    expect(new LeftBatch(undefined, () => false).take(a)).toBe(false);
  });

  it('waits for all of its blocks and finishes them under their old id', () => {
    const { a, b, left } = start('BEFORE');
    left.take(a);
    expect(left.ready()).toBeUndefined();
    left.take(b);
    expect(left.ready()).toEqual({ batch: 'old', deliveries: [a, b], stored: false });
    expect(left.isEmpty).toBe(true);
    expect(left.ready()).toBeUndefined();
  });

  it('waits no longer for a block that the bus has set aside', () => {
    const { a, b, pending, left } = start('BEFORE');
    left.take(a);
    expect(left.isReady).toBe(false);
    pending.delete(b.block.header.id);
    expect(left.ready()).toMatchObject({ deliveries: [a] });
  });

  it('only needs the commit of what comes again once it is stored', () => {
    const { a, b, left } = start('AFTER');
    left.take(a);
    expect(left.ready()).toEqual({ batch: 'old', deliveries: [a], stored: true });
    expect(left.take(b)).toBe(true);
    expect(left.ready()).toMatchObject({ deliveries: [b], stored: true });
  });
});
