import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from '#event-bus';
import { hold, OTHER, startPool as start } from '../testing/pool-scene.js';
import { deliveriesOf, FakeCommits, STREAM } from '../testing/scene.js';

const onLane = (lane: string, delivery: Delivery): Delivery => ({ ...delivery, lane });

describe('the writers of a process', () => {
  it('are one for each stream, which share two inserts at once', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const streams = Array.from({ length: 6 }, (_, n) => ({ ...STREAM, name: `s${n}` }));
    for (const stream of streams)
      for (const text of ['a', 'b']) await pool.offer(stream, deliveriesOf(stream)(`${stream.name}${text}`));
    await pool.drain();
    expect(fake.batches.join(' ').split(' ').sort()).toEqual(
      streams.flatMap(({ name }) => [`${name}a`, `${name}b`]),
    );
    expect(fake.atOnce).toBe(2);
    expect(commits.ids).toHaveLength(12);
  });

  it('commit on the lane that a block came from', async () => {
    const { pool, commits } = start();
    const other = new FakeCommits();
    pool.assigned('0', 1, commits.commit);
    pool.assigned('1', 1, other.commit);
    const deliver = deliveriesOf();
    const [a, b] = [deliver('a'), onLane('1', deliver('b'))];
    await pool.offer(STREAM, a);
    await pool.offer(STREAM, b);
    await pool.drain();
    expect([commits.ids, other.ids]).toEqual([[a.block.header.id], [b.block.header.id]]);
  });

  it('leave the blocks of a lane that was taken away, once no insert is under way', async () => {
    const { pool, fake, commits, failed } = start();
    pool.assigned('0', 1, commits.commit);
    const letGo = hold(fake);
    const deliver = deliveriesOf();
    for (const text of ['aaaaaaaaaaaa', 'b']) await pool.offer(STREAM, deliver(text));
    await vi.waitFor(() => expect(fake.atOnce).toBe(1));
    let revoked = false;
    const revoking = pool.revoked('0').then(() => (revoked = true));
    await pool.offer(STREAM, deliver('late'));
    expect(revoked).toBe(false);
    letGo();
    await revoking;
    await pool.drain();
    expect(fake.batches).toEqual(['aaaaaaaaaaaa']);
    expect(failed).toEqual([]);
  });

  it('are opened anew where the lane comes back, with room for everything', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const letGo = hold(fake);
    const offers = Array.from({ length: 12 }, () => pool.offer(STREAM, deliveriesOf()('lost')));
    const revoking = pool.revoked('0');
    letGo();
    await Promise.all([...offers, revoking]);
    fake.written.length = 0;
    pool.assigned('0', 2, commits.commit);
    await pool.offer(STREAM, deliveriesOf()('found'));
    await pool.drain();
    expect(fake.batches).toEqual(['found']);
  });

  it('send a block back while the state cannot be read, and take it the next time', async () => {
    const { pool, fake, commits, catalogue } = start();
    pool.assigned('0', 1, commits.commit);
    const read = catalogue.read.bind(catalogue);
    catalogue.read = () => Promise.reject(new Error('down'));
    const delivery = deliveriesOf()('a');
    const refused = pool.offer(STREAM, delivery);
    await expect(Promise.all([refused, pool.drain()])).rejects.toThrow('down');
    catalogue.read = read;
    await pool.offer(STREAM, delivery);
    await pool.drain();
    expect(fake.batches).toEqual(['a']);
  });

  it('refuse blocks of a lane that another process has by now', async () => {
    const { pool, commits, catalogue } = start();
    const later = start(catalogue);
    later.pool.assigned('0', 2, later.commits.commit);
    await later.pool.offer(STREAM, deliveriesOf()('a'));
    await later.pool.drain();
    pool.assigned('0', 1, commits.commit);
    await expect(pool.offer(STREAM, deliveriesOf()('b'))).rejects.toMatchObject({ code: 'fenced' });
  });

  it('say when one of them cannot go on', async () => {
    const { pool, fake, commits, failed, logger } = start();
    pool.assigned('0', 1, commits.commit);
    fake.during = () => Promise.reject(new Error('broken'));
    await pool.offer(STREAM, deliveriesOf()('a'));
    await pool.drain();
    expect(failed).toEqual([expect.objectContaining({ message: 'broken' })]);
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { stream: '0/acme/web' } }]);
  });

  it('let nobody wait for room when the process stops', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const letGo = hold(fake);
    const deliver = deliveriesOf();
    const offers = Array.from({ length: 5 }, () => pool.offer(STREAM, deliver('x'.repeat(30))));
    await vi.waitFor(() => expect(fake.atOnce).toBe(1));
    pool.stop();
    await Promise.all(offers);
    letGo();
  });
});

describe('exclusive work on a stream', () => {
  it('runs while nothing is written to it, not even by a writer that begins meanwhile', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const seen: string[][] = [];
    let offer: Promise<void> | undefined;
    await pool.exclusively(STREAM, async () => {
      offer = pool.offer(STREAM, deliveriesOf()('held'));
      await pool.offer(OTHER, deliveriesOf(OTHER)('free'));
      await vi.waitFor(() => expect(fake.batches).toEqual(['free']));
      seen.push(fake.batches);
    });
    await offer;
    await pool.drain();
    expect(seen).toEqual([['free']]);
    expect(fake.batches).toEqual(['free', 'held']);
  });

  it('waits for the batch under way, and for other such work', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const letGo = hold(fake);
    await pool.offer(STREAM, deliveriesOf()('a'));
    await vi.waitFor(() => expect(fake.atOnce).toBe(1));
    const order: string[] = [];
    const first = pool.exclusively(STREAM, async () => {
      order.push(`first after ${fake.batches.length}`);
      await new Promise(setImmediate);
      order.push('first ends');
    });
    const second = pool.exclusively(STREAM, async () => void order.push('second'));
    await pool.offer(STREAM, deliveriesOf()('b'));
    letGo();
    await Promise.all([first, second]);
    expect(order).toEqual(['first after 1', 'first ends', 'second']);
    await pool.drain();
    expect(fake.batches).toEqual(['a', 'b']);
  });

  it('lets writing go on when it fails', async () => {
    const { pool, fake, commits } = start();
    pool.assigned('0', 1, commits.commit);
    const failing = pool.exclusively(STREAM, () => Promise.reject(new Error('no')));
    await pool.offer(STREAM, deliveriesOf()('a'));
    await expect(failing).rejects.toThrow('no');
    await pool.drain();
    expect(fake.batches).toEqual(['a']);
  });
});
