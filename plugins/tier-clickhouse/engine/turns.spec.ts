import { describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.js';

/** Work that ends when it is told to, and tells that it has begun. */
function work(name: string, begun: string[]) {
  const { promise, resolve, reject } = promised();
  const begin = (): Promise<string> => {
    begun.push(name);
    return promise;
  };
  return { begin, end: () => resolve(name), fail: () => reject(new Error(`${name} failed`)) };
}

function promised() {
  let [resolve, reject]: [(value: string) => void, (reason: Error) => void] = [() => {}, () => {}];
  const promise = new Promise<string>((kept, broken) => {
    [resolve, reject] = [kept, broken];
  });
  return { promise, resolve, reject };
}

describe('turns', () => {
  it('begin as many as there are places, in the order of the requests', async () => {
    const [turns, begun] = [new Turns(2, 60_000), [] as string[]];
    const all = ['a', 'b', 'c', 'd'].map((name) => work(name, begun));
    const answers = all.map(({ begin }) => turns.run(begin));
    await vi.waitFor(() => expect(begun).toEqual(['a', 'b']));
    all[1]?.end();
    await vi.waitFor(() => expect(begun).toEqual(['a', 'b', 'c']));
    for (const { end } of all) end();
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are over after their time, while what was begun goes on to its answer', async () => {
    const [turns, begun] = [new Turns(1, 10), [] as string[]];
    const [long, short] = [work('long', begun), work('short', begun)];
    const [first, second] = [turns.run(long.begin), turns.run(short.begin)];
    await vi.waitFor(() => expect(begun).toEqual(['long', 'short']));
    short.end();
    expect(await second).toBe('short');
    long.end();
    expect(await first).toBe('long');
  });

  it('hand on the error of their work, within its time and after it, and go to the next', async () => {
    const [turns, begun] = [new Turns(1, 10), [] as string[]];
    const [quick, late, next] = [work('quick', begun), work('late', begun), work('next', begun)];
    const answers = [quick, late, next].map(({ begin }) => turns.run(begin));
    quick.fail();
    await expect(answers[0]).rejects.toThrow('quick failed');
    await vi.waitFor(() => expect(begun).toEqual(['quick', 'late', 'next']));
    late.fail();
    await expect(answers[1]).rejects.toThrow('late failed');
    next.end();
    expect(await answers[2]).toBe('next');
  });

  it('let a caller leave who waits', async () => {
    const [turns, begun, leave] = [new Turns(1, 60_000), [] as string[], new AbortController()];
    const [first, left, next] = [work('first', begun), work('left', begun), work('next', begun)];
    const running = turns.run(first.begin);
    const leaving = turns.run(left.begin, leave.signal);
    const following = turns.run(next.begin);
    leave.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    for (const { end } of [first, next]) end();
    expect(await Promise.all([running, following])).toEqual(['first', 'next']);
    expect(begun).toEqual(['first', 'next']);
  });
});
