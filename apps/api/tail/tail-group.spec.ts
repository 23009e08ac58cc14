import { describe, expect, it } from 'vitest';
import type { BlockReadingTier, BlocksQuery, ScanPiece } from '#plugin-kit';
import { TailGroup } from './tail-group.js';
import { PORTION_BYTES } from './tail-portion.js';
import type { TailMessage } from './tail-queue.js';
import { TailReader } from './tail-reader.js';
import { streamOf } from './testing/tail-api.js';

const LIMIT = 4 * PORTION_BYTES;
/** Events of a piece: a portion. */
const PIECE = 64;
const lines = Buffer.from(`${'x'.repeat(PORTION_BYTES / PIECE - 1)}\n`.repeat(PIECE));

/** A tier whose blocks have as many pieces as a test says; it remembers what it did. */
class PiecesTier implements Pick<BlockReadingTier, 'readBlocks' | 'countBlocks'> {
  read = 0;
  counted = 0;

  constructor(private readonly pieces: number) {}

  async *readBlocks({ blocks }: BlocksQuery): AsyncGenerator<ScanPiece> {
    for (let n = 0; n < blocks.length * this.pieces; n += 1) {
      this.read += 1;
      yield { lines, count: PIECE };
    }
  }

  async countBlocks({ blocks }: BlocksQuery): Promise<number> {
    this.counted += 1;
    return blocks.length * this.pieces * PIECE;
  }
}

function start(tier: PiecesTier) {
  const selection = {
    tenant: 'default',
    streams: undefined,
    filter: { kind: 'all', of: [] } as const,
    timeoutMs: 1,
  };
  const group = new TailGroup(selection, { tier: () => tier, turn: (work) => work() });
  const join = (): TailReader => {
    const told = (): void => undefined;
    const parts = { limitBytes: LIMIT, checkKey: async () => undefined, told };
    const reader: TailReader = new TailReader({ ...parts, left: () => group.leave(reader) });
    group.join(reader);
    return reader;
  };
  let blocks = 0;
  const store = (): void =>
    group.hear({
      stream: streamOf('web'),
      blocks: [{ id: `${(blocks += 1)}` as never, count: 1, bytes: 1 }],
    });
  return { group, join, store };
}

async function readAll(reader: TailReader, each: (message: TailMessage) => Promise<void>) {
  const sum = { sent: 0, dropped: 0 };
  for await (const message of reader.messages()) {
    if (message.kind === 'events') sum.sent += message.portion.count;
    if (message.kind === 'dropped') sum.dropped += message.count;
    await each(message);
  }
  return sum;
}
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('those who follow the same', () => {
  it('miss nothing where they fall behind for a moment', async () => {
    const { join, store } = start(new PiecesTier(40));
    const reader = join();
    const reading = readAll(reader, () => later(0));
    store();
    await later(150);
    reader.end();
    expect(await reading).toEqual({ sent: 40 * PIECE, dropped: 0 });
  });

  it('are told exactly what they missed, each by its own pace; the quick one gets all', async () => {
    const tier = new PiecesTier(40);
    const { join, store } = start(tier);
    const [quick, slow, stuck] = [join(), join(), join()];
    // At once, whatever else the machine is at: it would be a slow one, where it waited for the clock.
    const quickly = readAll(quick, async () => undefined);
    const slowly = readAll(slow, () => later(20));
    store();
    await later(400);
    for (const reader of [quick, slow, stuck]) reader.end();
    expect(await quickly).toEqual({ sent: 40 * PIECE, dropped: 0 });
    const { sent, dropped } = await slowly;
    expect([sent + dropped, dropped > 0]).toEqual([40 * PIECE, true]);
    expect(await readAll(stuck, async () => undefined)).toEqual({ sent: 4 * PIECE, dropped: 36 * PIECE });
    expect(tier.counted).toBe(0);
  });

  it('cost no reading while all of them are full: their events are only counted', async () => {
    const tier = new PiecesTier(20);
    const { join, store } = start(tier);
    const stuck = join();
    store();
    await later(150);
    const read = tier.read;
    expect([read < 20, tier.counted]).toEqual([true, 1]);
    store();
    await later(300);
    expect([tier.read, tier.counted]).toEqual([read, 2]);
    stuck.end();
    expect(await readAll(stuck, async () => undefined)).toEqual({ sent: 4 * PIECE, dropped: 36 * PIECE });
  });

  it('end with a reason where more blocks wait than can be looked for', async () => {
    const { group, join } = start(new PiecesTier(1));
    const reader = join();
    const blocks = Array.from({ length: 20_001 }, (_, n) => ({ id: `${n}` as never, count: 1, bytes: 1 }));
    group.hear({ stream: streamOf('web'), blocks });
    const told: TailMessage[] = [];
    for await (const message of reader.messages()) told.push(message);
    expect(told).toMatchObject([{ kind: 'problem', problem: { code: 'tail_behind' } }]);
    expect(group.isEmpty).toBe(true);
  });
});
