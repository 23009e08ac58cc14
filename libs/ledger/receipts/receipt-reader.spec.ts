import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { createBlockIdGenerator, nthBlockId, type BlockId } from '#event-model';
import type { BlockOutcome } from '../outcomes/block-outcome.js';
import { BlockOutcomes } from '../outcomes/block-outcomes.js';
import { FakeBus } from '../testing/fake-bus.js';
import { PLACE } from '../testing/scene.js';
import { ReceiptReader } from './receipt-reader.js';

const DAY_MS = 86_400_000;
const owner = { keyId: 'k3y4bcde', stream: 'web' };
const nextId = createBlockIdGenerator();

describe('a receipt tells', () => {
  let catalogue: MemoryCatalogue;
  let bus: FakeBus;
  let block: BlockId;
  let reader: ReceiptReader;
  const receiptOf = (firstRow: number, lastRow: number, blocks = 1) => ({
    ...{ first: block, blocks, firstRow, lastRow },
    ...owner,
  });
  const record = (some: Partial<BlockOutcome>) => {
    const nothing = { quarantined: [], deduplicated: [], dropped: {}, count: 100, offset: 0 };
    const outcome = { block, ...PLACE, receivedMinute: PLACE.minute, ...nothing, ...some };
    return catalogue.write(new BlockOutcomes(catalogue).changesFor([outcome]));
  };
  beforeEach(() => {
    catalogue = new MemoryCatalogue();
    bus = new FakeBus();
    block = nextId();
    reader = new ReceiptReader(bus, new BlockOutcomes(catalogue));
  });

  it('that all is pending until the block is committed, then that all is stored', async () => {
    bus.accept(PLACE, 100, block);
    expect(await reader.read(receiptOf(10, 19))).toMatchObject({ accepted: 10, pending: 10, stored: 0 });
    bus.commit(block);
    expect(await reader.read(receiptOf(10, 19))).toMatchObject({ accepted: 10, pending: 0, stored: 10 });
  });

  it('that a block is pending which another process published, and this one hears of only when it asks', async () => {
    const asked = Object.assign(bus, { catchUp: async () => void bus.accept(PLACE, 100, block) });
    const late = new ReceiptReader(asked, new BlockOutcomes(catalogue));
    expect(await late.read(receiptOf(10, 19))).toMatchObject({ accepted: 10, pending: 10, stored: 0 });
  });

  it('nothing of what may wait where the bus can not say so', async () => {
    const out = Object.assign(bus, { catchUp: () => Promise.reject(new Error('bus_unavailable')) });
    const late = new ReceiptReader(out, new BlockOutcomes(catalogue));
    await expect(late.read(receiptOf(10, 19))).rejects.toThrow('bus_unavailable');
    bus.accept(PLACE, 100, block);
    expect(await late.read(receiptOf(10, 19))).toMatchObject({ pending: 10 });
  });

  it('nothing yet of an outcome whose block is about to be committed', async () => {
    bus.accept(PLACE, 100, block);
    await record({ quarantined: [{ row: 12, reason: 'not_json' }] });
    const verdicts = await reader.read(receiptOf(10, 19));
    expect(verdicts).toMatchObject({ pending: 10, stored: 0, quarantined: 0, refused: [] });
  });

  it('only of its own rows where several requests share a block, counted from the request', async () => {
    await record({
      quarantined: [
        { row: 9, reason: 'not_json' },
        { row: 12, reason: 'missing:user_id' },
        { row: 20, reason: 'not_json' },
      ],
      deduplicated: [10, 19],
      dropped: { sample: '11', other: '0-3' },
    });
    const verdicts = await reader.read(receiptOf(10, 19));
    expect(verdicts).toMatchObject({ accepted: 10, stored: 6, quarantined: 1, deduplicated: 2, dropped: 1 });
    expect(verdicts?.dropped_by).toEqual({ sample: 1 });
    expect(verdicts?.refused).toEqual([
      { index: 2, code: 'missing:user_id', field: 'user_id', mend: expect.stringContaining('user_id') },
    ]);
  });

  it('of all blocks of a large request, with indexes over the whole request', async () => {
    bus.accept(PLACE, 50, nthBlockId(block, 2));
    await record({ count: 100, quarantined: [{ row: 99, reason: 'not_json' }] });
    const second = nthBlockId(block, 1);
    await record({ block: second, offset: 100, quarantined: [{ row: 3, reason: 'not_object' }] });
    const verdicts = await reader.read(receiptOf(0, 249, 3));
    expect(verdicts).toMatchObject({ accepted: 250, stored: 198, quarantined: 2, pending: 50 });
    expect(verdicts?.refused.map(({ index, code }) => [index, code])).toEqual([
      [99, 'not_json'],
      [103, 'not_object'],
    ]);
  });

  it('the first hundred refused rows in order, and the number of all', async () => {
    const quarantined = Array.from({ length: 150 }, (_, row) => ({ row, reason: row % 2 ? 'a' : 'b' }));
    await record({ count: 200, quarantined });
    const verdicts = await reader.read(receiptOf(0, 199));
    expect(verdicts?.quarantined).toBe(150);
    expect(verdicts?.refused.map(({ index }) => index)).toEqual(Array.from({ length: 100 }, (_, row) => row));
  });

  it('numbers that add up over all receipts of a shared block, wherever it is cut', async () => {
    const anyRows = fc.uniqueArray(fc.nat(99), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(anyRows, fc.nat(98), async (rows, cut) => {
        block = nextId();
        await record({ quarantined: rows.map((row) => ({ row, reason: 'not_json' })) });
        const [left, right] = [
          await reader.read(receiptOf(0, cut)),
          await reader.read(receiptOf(cut + 1, 99)),
        ];
        expect((left?.quarantined ?? 0) + (right?.quarantined ?? 0)).toBe(rows.length);
        expect((left?.stored ?? 0) + (right?.stored ?? 0)).toBe(100 - rows.length);
      }),
    );
  });

  it('what policies dropped at acceptance, which is in none of the blocks', async () => {
    bus.accept(PLACE, 2, block);
    const partly = { ...receiptOf(0, 4), dropped: { noise: 2, debug: 1 } };
    expect(await reader.read(partly)).toMatchObject({
      ...{ accepted: 5, pending: 2, stored: 0, dropped: 3, dropped_by: { noise: 2, debug: 1 } },
    });
    bus.commit(block);
    await record({ count: 2, offset: 3, quarantined: [{ row: 1, reason: 'not_json' }] });
    expect(await reader.read(partly)).toMatchObject({
      ...{ accepted: 5, pending: 0, stored: 1, quarantined: 1, dropped: 3 },
      refused: [{ index: 4 }],
    });
    const whole = { ...receiptOf(7, 9), dropped: { noise: 3 } };
    expect(await reader.read(whole)).toMatchObject({ accepted: 3, stored: 0, quarantined: 0, dropped: 3 });
  });

  it('nothing when its details are forgotten, rather than that all was stored; pending is told for ever', async () => {
    const later = () => Date.now() + 7 * DAY_MS;
    const old = new ReceiptReader(bus, new BlockOutcomes(catalogue), later);
    expect(await old.read(receiptOf(0, 9))).toBeUndefined();
    bus.accept(PLACE, 100, block);
    expect(await old.read(receiptOf(0, 9))).toMatchObject({ pending: 10 });
  });
});
