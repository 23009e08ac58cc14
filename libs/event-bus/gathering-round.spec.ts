import { describe, expect, it } from 'vitest';
import { BLOCK_MAX_EVENTS, createBlockIdGenerator, type Block } from '#event-model';
import type { GatherRequest } from './gather-request.js';
import { GatheringRound } from './gathering-round.js';

/** Events of a peer, a line each. */
interface Sent {
  readonly lines: number;
  readonly peer?: string;
}

function blocksOf(sent: readonly Sent[]): readonly Block[] {
  const round = new GatheringRound(createBlockIdGenerator());
  for (const { lines, ...peer } of sent) round.add(requestOf(lines, peer));
  return round.batches().flatMap(({ blocks }) => blocks);
}

function requestOf(count: number, peer: Omit<Sent, 'lines'>): GatherRequest {
  return {
    ...{ tenant: 'default', stream: 'web', source: 'agent', format: 'lines', receivedAt: 5n },
    ...{ count, body: Buffer.from('x\n'.repeat(count)), ...peer },
  };
}

const peersOf = (blocks: readonly Block[]): unknown[] => blocks.map(({ header }) => header.peers);

describe('lines of peers', () => {
  it('share a block, which says who sent which rows', () => {
    const blocks = blocksOf([
      { lines: 2, peer: '192.0.2.1' },
      { lines: 1, peer: '192.0.2.1' },
      { lines: 1, peer: '2001:db8::1' },
      { lines: 1 },
      { lines: 1, peer: '192.0.2.1' },
    ]);
    const runs = [
      ['192.0.2.1', 3],
      ['2001:db8::1', 1],
      ['192.0.2.1', 1],
    ];
    expect(peersOf(blocks)).toEqual([runs, undefined]);
    expect(blocks.map(({ header }) => header.count)).toEqual([5, 1]);
  });

  it('of more peers than a header has room for fill several blocks', () => {
    const sent = Array.from({ length: 1_001 }, (_, n) => ({ lines: 1, peer: `192.0.2.${n % 250}` }));
    expect(blocksOf(sent).map(({ header }) => header.peers?.length)).toEqual([1_000, 1]);
  });

  it('of one request are of one peer in each block that they are cut into', () => {
    expect(peersOf(blocksOf([{ lines: BLOCK_MAX_EVENTS + 1, peer: '192.0.2.1' }]))).toEqual([
      [['192.0.2.1', BLOCK_MAX_EVENTS]],
      [['192.0.2.1', 1]],
    ]);
  });
});
