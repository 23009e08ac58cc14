import { describe, expect, it } from 'vitest';
import { Pool } from './session-pool.js';

/** Work that ends when it is told to. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe('a pool', () => {
  it('hands each item to one user at a time, in the order of the requests', async () => {
    const pool = new Pool(['only']);
    const [first, seen] = [gate(), [] as number[]];
    const uses = [1, 2, 3].map((n) =>
      pool.use(async () => {
        seen.push(n);
        if (n === 1) await first.passed;
        return n;
      }),
    );
    await Promise.resolve();
    expect(seen).toEqual([1]);
    first.open();
    expect(await Promise.all(uses)).toEqual([1, 2, 3]);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('takes an item back from work that failed', async () => {
    const pool = new Pool(['only']);
    await expect(pool.use(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await pool.use((item) => Promise.resolve(item))).toBe('only');
  });

  it('lets a caller leave the queue, and serves the next', async () => {
    const pool = new Pool(['only']);
    const [first, leave] = [gate(), new AbortController()];
    const running = pool.use(() => first.passed);
    const left = pool.use(() => Promise.resolve('left'), leave.signal);
    const next = pool.use(() => Promise.resolve('next'));
    leave.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    first.open();
    await running;
    expect(await next).toBe('next');
  });

  it('drains behind those who wait, and refuses whoever comes later', async () => {
    const pool = new Pool(['only']);
    const first = gate();
    const ends: string[] = [];
    const running = pool.use(() => first.passed).then(() => ends.push('running'));
    const waiting = pool.use(async () => ends.push('waiting'));
    const drained = pool.drain().then(() => ends.push('drained'));
    await expect(pool.use(() => Promise.resolve('late'))).rejects.toMatchObject({ failure: 'unavailable' });
    first.open();
    await Promise.all([running, waiting, drained]);
    expect(ends.at(-1)).toBe('drained');
    expect(ends).toHaveLength(3);
  });
});
