import { describe, expect, it } from 'vitest';
import { Room, Slots } from './slots.js';

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  it('let so many in at once, the others in their order', async () => {
    const slots = new Slots(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (n: number) => slots.run(() => (begun.push(n), new Promise<void>((end) => ends.push(end))));
    const all = [1, 2, 3, 4].map(work);
    await turns();
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    await turns();
    expect(begun).toEqual([1, 2, 3]);
    ends[0]?.();
    ends[2]?.();
    await turns();
    ends[3]?.();
    await Promise.all(all);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('are free again after work that failed', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await slots.run(async () => 7)).toBe(7);
  });
});

describe('room', () => {
  it('takes at once and lets wait only those that go beyond it', async () => {
    const room = new Room(() => 10);
    expect(room.take(10)).toBeUndefined();
    let resumed = 0;
    const waiting = [room.take(5), room.take(1)].map(async (free) => (await free, (resumed += 1)));
    room.give(5);
    await turns();
    expect([resumed, room.held]).toEqual([0, 11]);
    room.give(1);
    await Promise.all(waiting);
    expect(resumed).toBe(2);
  });

  it('follows a limit that changes', async () => {
    let limit = 10;
    const room = new Room(() => limit);
    const waiting = room.take(20);
    limit = 15;
    room.give(5);
    await waiting;
    expect(room.held).toBe(15);
  });
});
