import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueError } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { WorkerSeat } from './worker-seat.js';

const logger = { info: () => undefined, warn: () => undefined } as never;
let catalogue: MemoryCatalogue;
let ended: string[];
let seats: WorkerSeat[];
beforeEach(() => {
  vi.useFakeTimers();
  catalogue = new MemoryCatalogue();
  [ended, seats] = [[], []];
});
afterEach(async () => {
  for (const seat of seats) await seat.release();
  vi.useRealTimers();
});

function seatOf(process: string, on = catalogue): WorkerSeat {
  const end = (reason: string): void => void ended.push(`${process}: ${reason}`);
  const seat = new WorkerSeat({ catalogue: on, process, logger, end, now: () => Date.now() });
  seats.push(seat);
  return seat;
}

/** Whether it has the seat after so many milliseconds. */
async function hasAfter(taking: Promise<void>, ms: number): Promise<boolean> {
  let has = false;
  void taking.then(() => (has = true));
  await vi.advanceTimersByTimeAsync(ms);
  return has;
}

describe('the seat of the worker', () => {
  it('is one process’s at a time, for as long as it renews it', async () => {
    await seatOf('a').take();
    expect(await hasAfter(seatOf('b').take(), 300_000)).toBe(false);
    expect(ended).toEqual([]);
  });

  it('is free at once when it is released, and goes to one of those who wait', async () => {
    const first = seatOf('a');
    await first.take();
    const waiting = [seatOf('b'), seatOf('c')];
    const [b, c] = waiting.map((seat) => seat.take());
    await vi.advanceTimersByTimeAsync(2_000);
    await first.release();
    const have = await Promise.all([hasAfter(b!, 2_500), hasAfter(c!, 2_500)]);
    expect(have.filter(Boolean)).toHaveLength(1);
    const taken = await Promise.all(waiting.map((seat) => hasAfter(seat.taken, 0)));
    expect(taken).toEqual(have);
  });

  it('of a killed process is taken after its lease, and at once by the same process started again', async () => {
    const killed = seatOf('a');
    await killed.take();
    vi.clearAllTimers();
    const standby = seatOf('b').take();
    expect(await hasAfter(standby, 29_000)).toBe(false);
    expect(await hasAfter(standby, 5_000)).toBe(true);
    await seats[1]?.release();
    await seatOf('a').take();
    vi.clearAllTimers();
    expect(await hasAfter(seatOf('a').take(), 0)).toBe(true);
  });

  it('ends a process that could not renew it, before another may have it, and one that lost it', async () => {
    class Cut extends MemoryCatalogue {
      isOut = false;
      override write: MemoryCatalogue['write'] = async (changes) => {
        if (this.isOut) throw new CatalogueError('out');
        return super.write(changes);
      };
    }
    const cut = new Cut();
    await seatOf('a', cut).take();
    cut.isOut = true;
    await vi.advanceTimersByTimeAsync(26_000);
    expect(ended[0]).toContain('a: the seat worker could not be renewed');
    await seatOf('c').take();
    await catalogue.write([{ collection: 'seats', id: 'worker', value: { holder: 'd', renewals: 1 } }]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(ended.at(-1)).toContain('c: another process has taken over the seat worker');
  });
});
