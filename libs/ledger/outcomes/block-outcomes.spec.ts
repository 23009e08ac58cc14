import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, type BlockId } from '#event-model';
import type { BlockOutcome } from './block-outcome.js';
import { BlockOutcomes, OUTCOME_LIFETIME_MS } from './block-outcomes.js';

const NOW = 1_800_000_000_000;
const nextId = createBlockIdGenerator(() => NOW);

function outcome(some: Partial<BlockOutcome>): BlockOutcome {
  const whole = { quarantined: [], deduplicated: [], dropped: {}, count: 10, offset: 0 };
  const place = { tenant: 'acme', stream: 'web', source: 'agent', receivedMinute: NOW };
  return { block: nextId(), ...place, ...whole, ...some };
}

describe('block outcomes', () => {
  it('are written only for blocks that were not stored whole, and survive a repeat', async () => {
    const catalogue = new MemoryCatalogue();
    const outcomes = new BlockOutcomes(catalogue, () => NOW);
    const whole = outcome({});
    const partly = outcome({
      quarantined: [
        { row: 4, reason: 'not_json' },
        { row: 2, reason: 'type:status' },
        { row: 3, reason: 'not_json' },
      ],
      deduplicated: [8, 9],
      dropped: { sample: '0' },
      indexes: 'AAEB',
    });
    const changes = outcomes.changesFor([whole, partly]);
    await catalogue.write(changes);
    await catalogue.write(changes);
    const kept = await outcomes.read([whole.block, partly.block]);
    expect([...kept.keys()]).toEqual([partly.block]);
    expect(kept.get(partly.block)).toMatchObject({
      quarantined: { not_json: '3-4', 'type:status': '2' },
      deduplicated: '8-9',
      dropped: { sample: '0' },
      indexes: 'AAEB',
    });
  });

  it('are forgotten after seven days, however many there are, and not before', async () => {
    const catalogue = new MemoryCatalogue();
    const write = async (at: number, number: number): Promise<BlockId[]> => {
      const blocks = Array.from({ length: number }, () => outcome({ deduplicated: [1] }));
      await catalogue.write(new BlockOutcomes(catalogue, () => at).changesFor(blocks));
      return blocks.map(({ block }) => block);
    };
    const old = await write(NOW, 2_500);
    const young = await write(NOW + 1_000, 3);
    const outcomes = new BlockOutcomes(catalogue);
    expect(await outcomes.expire(NOW + OUTCOME_LIFETIME_MS)).toBe(0);
    expect(await outcomes.expire(NOW + OUTCOME_LIFETIME_MS + 1)).toBe(2_500);
    expect((await outcomes.read([...old, ...young])).size).toBe(3);
  });
});
