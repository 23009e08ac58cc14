import { describe, expect, it } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import type { BlockId, EventPlace } from '#event-model';
import { STREAM } from '../testing/scene.js';
import { ClientIdIndex } from './client-id-index.js';

const DAY_MS = 86_400_000;
const event = (row: number, id: string): EventPlace & { id: string } => ({
  block: 'b'.repeat(32) as BlockId,
  row,
  id,
});

describe('the client id index', () => {
  const start = (catalogue = new MemoryCatalogue()) => {
    const clock = { now: 1_000 };
    return {
      catalogue,
      clock,
      index: new ClientIdIndex(
        catalogue,
        () => 7,
        () => clock.now,
      ),
    };
  };
  const rows = (losers: readonly EventPlace[]) => losers.map(({ row }) => row);

  it('gives up the claim of an event that was refused, and of no other', async () => {
    const { index } = start();
    const [refused, kept] = [event(0, 'a'), event(1, 'b')];
    await index.claim(STREAM, [refused, kept]);
    await index.release(STREAM, [refused, { ...event(7, 'b') }]);
    expect(rows(await index.claim(STREAM, [event(2, 'a'), event(3, 'b')]))).toEqual([3]);
  });

  it('lets the first of several events with one id win, within a batch and between batches', async () => {
    const { index } = start();
    expect(rows(await index.claim(STREAM, [event(0, 'x'), event(1, 'y'), event(2, 'x')]))).toEqual([2]);
    expect(rows(await index.claim(STREAM, [event(3, 'y'), event(4, 'z')]))).toEqual([3]);
    expect(await index.claim(STREAM, [])).toEqual([]);
  });

  it('judges a batch that is repeated after a crash as it did at first', async () => {
    const { index, catalogue } = start();
    const batch = [event(0, 'x'), event(1, 'x'), event(2, 'y')];
    await index.claim(STREAM, batch);
    expect(rows(await start(catalogue).index.claim(STREAM, batch))).toEqual([1]);
  });

  it('keeps ids of other streams and tenants apart, and takes any text', async () => {
    const { index } = start();
    await index.claim(STREAM, [event(0, 'x'), event(1, `a/\0${'é'.repeat(2_000)}`)]);
    expect(await index.claim({ ...STREAM, name: 'other' }, [event(2, 'x')])).toEqual([]);
    expect(await index.claim({ ...STREAM, tenant: 'other' }, [event(3, 'x')])).toEqual([]);
  });

  it('frees an id once its days are over, whether or not it was forgotten by then', async () => {
    const { index, clock } = start();
    await index.claim(STREAM, [event(0, 'x')]);
    clock.now += 7 * DAY_MS;
    expect(rows(await index.claim(STREAM, [event(1, 'x')]))).toEqual([1]);
    clock.now += 1;
    expect(rows(await index.claim(STREAM, [event(2, 'x'), event(3, 'x')]))).toEqual([3]);
    expect(await index.expire()).toBe(0);
    clock.now += 8 * DAY_MS;
    expect(await index.expire()).toBe(1);
    expect(await index.claim(STREAM, [event(4, 'x')])).toEqual([]);
  });

  it('forgets all that is over, page by page, and stops when it is told to', async () => {
    const { index, clock } = start();
    await index.claim(
      STREAM,
      Array.from({ length: 2_500 }, (_, row) => event(row, `old${row}`)),
    );
    clock.now += 7 * DAY_MS + 1;
    await index.claim(STREAM, [event(9_000, 'young')]);
    expect(await index.expire(AbortSignal.abort())).toBe(0);
    expect(await index.expire()).toBe(2_500);
    expect(rows(await index.claim(STREAM, [event(9_001, 'young')]))).toEqual([9_001]);
  });

  it('does not forget an id that was claimed anew while it looked for old ones', async () => {
    const { index, clock, catalogue } = start();
    await index.claim(STREAM, [event(0, 'x')]);
    clock.now += 7 * DAY_MS + 1;
    const scan = catalogue.scan.bind(catalogue);
    catalogue.scan = async (...range) => {
      const page = await scan(...range);
      await index.claim(STREAM, [event(1, 'x')]);
      return page as never;
    };
    await index.expire();
    expect(rows(await index.claim(STREAM, [event(2, 'x')]))).toEqual([2]);
  });
});
