import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueError } from '#catalogue';
import { MemoryCatalogue } from '#catalogue/testing';
import { LaneSeats } from './lane-seats.js';
import { PROCESS_SEATS, WorkerSeat } from './worker-seat.js';

const logger = { warn: () => undefined } as never;
const now = (): number => Date.now();
let catalogue: MemoryCatalogue;
let seats: WorkerSeat[];
beforeEach(() => {
  vi.useFakeTimers();
  [catalogue, seats] = [new MemoryCatalogue(), []];
});
afterEach(async () => {
  for (const seat of seats) await seat.release();
  vi.useRealTimers();
});

/** A process of this name that lives, and its lanes. */
async function start(process: string, run = process): Promise<LaneSeats> {
  const seat = new WorkerSeat({
    ...{ catalogue, process, run, logger, now, id: `${PROCESS_SEATS}${process}` },
    end: () => undefined,
  });
  seats.push(seat);
  await seat.take();
  return new LaneSeats({ catalogue, run, now });
}

const never = (): AbortSignal => new AbortController().signal;

async function hasAfter(taking: Promise<boolean>, ms: number): Promise<boolean> {
  let has = false;
  void taking.then((taken) => (has = taken));
  await vi.advanceTimersByTimeAsync(ms);
  return has;
}

describe('the seats of lanes', () => {
  it('are one process’s each, several processes’ together, and go on as soon as they are given back', async () => {
    const [a, b] = [await start('a'), await start('b')];
    expect(await a.take(0, never())).toBe(true);
    expect(await b.take(1, never())).toBe(true);
    const waiting = b.take(0, never());
    expect(await hasAfter(waiting, 300_000)).toBe(false);
    expect(await a.held()).toEqual([
      { lane: '0', run: 'a' },
      { lane: '1', run: 'b' },
    ]);
    a.release(0);
    expect(await hasAfter(waiting, 1_000)).toBe(true);
  });

  it('of a process that is frozen or was killed are taken when its seat has lapsed', async () => {
    const [a, b] = [await start('a'), await start('b')];
    await a.take(0, never());
    const frozen = seats[0] as unknown as { timers: NodeJS.Timeout[] };
    frozen.timers.forEach((timer) => clearInterval(timer));
    const waiting = b.take(0, never());
    expect(await hasAfter(waiting, 29_000)).toBe(false);
    expect(await hasAfter(waiting, 5_000)).toBe(true);
  });

  it('of a process that was started again are free at once, and its own', async () => {
    const a = await start('a', 'first');
    await Promise.all([a.take(0, never()), a.take(1, never())]);
    const again = await start('a', 'second');
    const b = await start('b');
    expect(await hasAfter(again.take(0, never()), 0)).toBe(true);
    expect(await hasAfter(b.take(1, never()), 0)).toBe(true);
  });

  it('are not waited for any longer when the group gives them to another', async () => {
    const [a, b] = [await start('a'), await start('b')];
    await a.take(0, never());
    const lost = new AbortController();
    const waiting = b.take(0, lost.signal);
    lost.abort();
    await vi.advanceTimersByTimeAsync(500);
    expect(await waiting).toBe(false);
  });

  it('are given back when the catalogue answers again, unless they were taken again meanwhile', async () => {
    const [a, b] = [await start('a'), await start('b')];
    await Promise.all([a.take(0, never()), a.take(1, never())]);
    const read = catalogue.read.bind(catalogue);
    let isOut = true;
    catalogue.read = (async (...place: Parameters<typeof read>) => {
      if (isOut) throw new CatalogueError('out');
      return read(...place);
    }) as never;
    [0, 1].forEach((lane) => a.release(lane));
    const again = a.take(1, never());
    await vi.advanceTimersByTimeAsync(3_000);
    isOut = false;
    expect(await hasAfter(again, 2_000)).toBe(true);
    expect(await hasAfter(b.take(0, never()), 2_000)).toBe(true);
    expect(await hasAfter(b.take(1, never()), 10_000)).toBe(false);
  });
});
