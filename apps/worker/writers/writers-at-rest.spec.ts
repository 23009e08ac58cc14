import { describe, expect, it, vi } from 'vitest';
import { hold, OTHER, startPool as start } from '../testing/pool-scene.js';
import { deliveriesOf, STREAM } from '../testing/scene.js';

describe('writers at rest', () => {
  it('end what they are at, and write nothing of any stream until the work is done', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const letGo = hold(fake);
    const deliver = deliveriesOf();
    await pool.offer(STREAM, deliver('aaaaaaaaaaaa'));
    await vi.waitFor(() => expect(fake.atOnce).toBe(1));
    const seen: string[] = [];
    let end = (): void => {};
    const work = new Promise<void>((resolve) => (end = resolve));
    const resting = pool.atRest(async () => {
      seen.push(...fake.batches);
      await work;
      seen.push('rested', ...fake.batches);
    });
    const [old, fresh] = [pool.offer(STREAM, deliver('b')), pool.offer(OTHER, deliveriesOf(OTHER)('c'))];
    letGo();
    await vi.waitFor(() => expect(seen).toEqual(['aaaaaaaaaaaa']));
    end();
    await resting;
    expect(seen).toEqual(['aaaaaaaaaaaa', 'rested', 'aaaaaaaaaaaa']);
    await Promise.all([old, fresh]);
    await pool.drain();
    expect(fake.batches.toSorted()).toEqual(['aaaaaaaaaaaa', 'b', 'c']);
  });

  it('wait for work that a stream is kept for, and work that comes later waits for them', async () => {
    const { pool } = start();
    const order: string[] = [];
    let end = (): void => {};
    const before = pool.exclusively(STREAM, async () => {
      await new Promise<void>((resolve) => (end = resolve));
      order.push('before');
    });
    const queued = pool.exclusively(STREAM, async () => void order.push('queued'));
    const resting = pool.atRest(async () => void order.push('rest'));
    const later = pool.exclusively(STREAM, async () => void order.push('later'));
    const again = pool.atRest(async () => void order.push('again'));
    await vi.waitFor(() => {
      end();
      expect(order).toHaveLength(5);
    });
    await Promise.all([before, queued, resting, later, again]);
    expect(order.slice(0, 3)).toEqual(['before', 'queued', 'rest']);
    expect(order.slice(3).toSorted()).toEqual(['again', 'later']);
  });

  it('go on where the work fails', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    await expect(pool.atRest(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    await pool.offer(STREAM, deliveriesOf()('a'));
    await pool.drain();
    expect(fake.batches).toEqual(['a']);
  });
});
