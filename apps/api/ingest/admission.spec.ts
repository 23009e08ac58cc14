import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DrainRate } from './drain-rate.js';
import { WaitingRoom } from './waiting-room.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A room of so many bytes. */
function roomOf(bytes: number, maxWaiting = 1_000) {
  const state = { taken: 0 };
  const place = {
    hasRoom: () => state.taken < bytes,
    take: (more: number) => void (state.taken += more),
  };
  return { state, room: new WaitingRoom(place, maxWaiting) };
}

describe('a request that finds no room', () => {
  it('waits until there is some, first come first served', async () => {
    const { state, room } = roomOf(10);
    const log: string[] = [];
    const enter = (name: string) => room.enter(10, 500).then((admitted) => log.push(`${name} ${admitted}`));
    void enter('first');
    void enter('second');
    void enter('third');
    await vi.advanceTimersByTimeAsync(100);
    expect(log).toEqual(['first true']);
    state.taken -= 10;
    await vi.advanceTimersByTimeAsync(100);
    expect(log).toEqual(['first true', 'second true']);
    await vi.advanceTimersByTimeAsync(500);
    expect(log).toEqual(['first true', 'second true', 'third false']);
  });

  it('is let in together with all others when there is room for all', async () => {
    const { state, room } = roomOf(10);
    state.taken = 10;
    const waiting = Array.from({ length: 5 }, () => room.enter(1, 500));
    state.taken = 0;
    await vi.advanceTimersByTimeAsync(20);
    expect(await Promise.all(waiting)).toEqual([true, true, true, true, true]);
  });

  it('is sent away at once where too many bytes wait already, or nobody may wait', async () => {
    const { state, room } = roomOf(10, 100);
    state.taken = 10;
    const first = room.enter(60, 500);
    expect(await room.enter(50, 500)).toBe(false);
    expect(await room.enter(1, 0)).toBe(false);
    state.taken = 0;
    await vi.advanceTimersByTimeAsync(20);
    expect(await first).toBe(true);
  });
});

describe('when to come again', () => {
  it('follows how fast the backlog shrinks, within a second and a minute', () => {
    const clock = { ms: 0 };
    const rate = new DrainRate(() => clock.ms);
    const seconds: number[] = [rate.secondsFor(1_000)];
    rate.note(-5_000);
    clock.ms = 1_000;
    rate.note(-4_900);
    seconds.push(rate.secondsFor(1_000), rate.secondsFor(1), rate.secondsFor(1e9));
    expect(seconds).toEqual([5, 10, 1, 60]);
    clock.ms = 100_000;
    rate.note(-4_900);
    for (let step = 0; step < 20; step += 1) {
      clock.ms += 1_000;
      rate.note(-4_900);
    }
    expect(rate.secondsFor(1)).toBe(60);
  });
});
