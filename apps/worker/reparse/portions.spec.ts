import { expect, it } from 'vitest';
import { createBlockIdGenerator } from '#event-model';
import type { PartBlock } from '#plugin-kit';
import { FakeRewritingTier } from '../testing/fake-rewriting-tier.js';
import { STREAM } from '../testing/scene.js';
import { portionsOf } from './portions.js';

const PART = { stream: STREAM, day: 20261120, generation: 0 };
const MIB = 2 ** 20;

/** How many blocks each portion of these has; all of them in order, each once. */
async function sizesOf(blocks: readonly Pick<PartBlock, 'events' | 'bytes'>[]): Promise<number[]> {
  const tier = new FakeRewritingTier();
  const nextId = createBlockIdGenerator();
  tier.blocks = blocks.map((one) => ({ block: nextId(), ...one }));
  const portions = [];
  for await (const portion of portionsOf(tier, PART)) portions.push(portion);
  expect(portions.flat()).toEqual(tier.blocks.map(({ block }) => block));
  return portions.map(({ length }) => length);
}

const times = <T>(length: number, one: T): T[] => Array.from({ length }, () => one);

it.each([
  ['nothing', [], []],
  ['200 blocks', times(401, { events: 1, bytes: 1 }), [200, 200, 1]],
  ['5,000 events', times(3, { events: 2_500, bytes: 1 }), [2, 1]],
  ['16 MiB', times(5, { events: 1, bytes: 8 * MIB }), [2, 2, 1]],
  [
    'one block, however large',
    [
      { events: 1, bytes: 1 },
      { events: 9_000, bytes: 1 },
      { events: 1, bytes: 99 * MIB },
      { events: 1, bytes: 1 },
    ],
    [1, 1, 1, 1],
  ],
  [
    'pages of blocks, one list after the other',
    times(50_001, { events: 1, bytes: 1 }),
    [...times(250, 200), 1],
  ],
])('a portion has at most %s', async (_what, blocks, sizes) => {
  expect(await sizesOf(blocks)).toEqual(sizes);
});
