import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CatalogueError } from '#catalogue';
import { EventBusError } from '#event-bus';
import { deliveriesOf, leave, Scene } from '../testing/scene.js';
import { deliver, FLUSH_MS, startWriter } from '../testing/started-writer.js';
import { FencedError } from './ingest-state.js';
import { Room, Slots } from './slots.js';

describe('the writer of a stream', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const tick = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

  it('writes after the flush interval, and not before', async () => {
    const { fake, writer, room } = await startWriter();
    for (const one of deliver()('a', 'b')) void writer.offer(one);
    await tick(FLUSH_MS - 1);
    expect(fake.batches).toEqual([]);
    await tick(1);
    expect(fake.batches).toEqual(['a.. b..']);
    expect([writer.isIdle, room.held]).toEqual([true, 0]);
  });

  it('writes at once by size, in the order of acceptance, batches no larger than that', async () => {
    const { fake, writer } = await startWriter();
    for (const one of deliver()('a', 'b', 'c', 'd', 'e', 'f', 'g')) void writer.offer(one);
    await tick();
    expect(fake.batches).toEqual(['a.. b..', 'c.. d..', 'e.. f..']);
    await tick(FLUSH_MS);
    expect(fake.batches.slice(3)).toEqual(['g..']);
    expect(fake.atOnce).toBe(1);
  });

  it('writes a block that is larger than a batch by itself', async () => {
    const { fake, writer } = await startWriter();
    const next = deliveriesOf();
    for (const text of ['a', 'x'.repeat(50), 'b']) void writer.offer(next(text));
    await writer.drain();
    expect(fake.batches).toEqual(['a', 'x'.repeat(50), 'b']);
  });

  it('puts no more than 500 blocks into one insert', async () => {
    const { fake, writer } = await startWriter({
      flushBytes: () => 1_000_000,
      room: new Room(() => 1_000_000),
    });
    const next = deliveriesOf();
    for (let n = 0; n < 750; n += 1) void writer.offer(next('a'));
    await tick();
    expect(fake.written.map(({ lines }) => lines.length)).toEqual([500]);
    await writer.drain();
    expect(fake.written.map(({ lines }) => lines.length)).toEqual([500, 250]);
  });

  it('lets the bus wait while there is no room', async () => {
    let free = (): void => {};
    const { fake, writer } = await startWriter();
    fake.during = () => new Promise<void>((resolve) => (free = resolve));
    const offers = deliver()(...'abcdefghijk').map((one) => writer.offer(one));
    expect(offers.map((offer) => offer === undefined)).toEqual([...Array(10).fill(true), false]);
    let hasRoom = false;
    void Promise.resolve(offers[10]).then(() => (hasRoom = true));
    await tick();
    expect(hasRoom).toBe(false);
    free();
    await tick();
    expect(hasRoom).toBe(true);
  });

  it.each([
    ['BEFORE', 'settle'],
    ['AFTER', 'commit'],
  ] as const)(
    'ends a batch that was left %s first, under its old id, with what it needs: %s',
    async (phase, kind) => {
      const scene = new Scene();
      const [a, b, c] = deliver()('a', 'b', 'c');
      await leave(scene, [a!, b!], phase);
      const { fake, writer } = await startWriter({}, scene, 2);
      for (const one of [a, b, c]) void writer.offer(one!);
      await writer.drain();
      expect(fake.written).toEqual([
        { kind, id: 'old', lines: ['a..', 'b..'] },
        { kind: 'write', id: expect.not.stringMatching('old'), lines: ['c..'] },
      ]);
      expect(scene.commits.ids).toHaveLength(3);
    },
  );

  it('waits for the rest of a left batch however long it takes, needing no room for it', async () => {
    const scene = new Scene();
    const left = deliver()(...'abcdefghijklmno');
    await leave(scene, left, 'BEFORE');
    const { fake, writer, pending } = await startWriter({}, scene, 2);
    for (const { block } of left) pending.add(block.header.id);
    expect(left.slice(0, -1).map((one) => writer.offer(one))).toEqual(Array(14).fill(undefined));
    await tick(120_000);
    await writer.drain();
    expect(fake.written).toEqual([]);
    void writer.offer(left.at(-1)!);
    await tick(FLUSH_MS);
    expect(fake.written).toMatchObject([{ kind: 'settle', id: 'old', lines: { length: 15 } }]);
  });

  it('goes on without a block of the left batch that the bus has set aside', async () => {
    const scene = new Scene();
    const [a, b] = deliver()('a', 'b');
    await leave(scene, [a!, b!], 'BEFORE');
    const { fake, writer, pending } = await startWriter({}, scene, 2);
    pending.add(b!.block.header.id);
    void writer.offer(a!);
    await tick(5 * FLUSH_MS);
    pending.clear();
    await tick(FLUSH_MS);
    expect(fake.written).toMatchObject([{ kind: 'settle', lines: ['a..'] }]);
  });

  it('rests while it is paused by anyone, after the batch under way, and then goes on', async () => {
    const { fake, writer } = await startWriter();
    for (const one of deliver()('a', 'b', 'c', 'd')) void writer.offer(one);
    const [resume, other] = await Promise.all([writer.pause(), writer.pause()]);
    expect(fake.batches).toEqual(['a.. b..']);
    await tick(10 * FLUSH_MS);
    resume();
    await tick(10 * FLUSH_MS);
    expect(fake.batches).toHaveLength(1);
    other();
    await tick(FLUSH_MS);
    expect(fake.batches).toEqual(['a.. b..', 'c.. d..']);
  });

  it('is drained only after a pause, which it leaves the time to end', async () => {
    const { fake, writer } = await startWriter();
    void writer.offer(deliver()('a')[0]!);
    const resume = await writer.pause();
    const draining = writer.drain();
    setTimeout(resume, 1_000);
    await tick(999);
    expect(fake.batches).toEqual([]);
    await tick(1);
    await draining;
    expect(fake.batches).toEqual(['a..']);
  });

  it('stops and gives back its room when it is fenced; its blocks stay on the bus', async () => {
    const { fake, writer, failed, room, scene } = await startWriter();
    fake.during = () => Promise.reject(new FencedError('x'));
    for (const one of deliver()(...'abcdefghijkl')) void writer.offer(one);
    await tick(10_000);
    await writer.drain();
    void writer.offer(deliver()('z')[0]!);
    expect(failed).toEqual([expect.objectContaining({ code: 'fenced' })]);
    expect([scene.commits.ids, room.held, writer.isIdle]).toEqual([[], 0, true]);
  });

  it.each([
    ['before the insert', 'during'],
    ['at the commit', 'commit'],
  ])('goes on by itself after a full disk %s, each block once and in order', async (_, where) => {
    const { fake, writer, failed, troubled, scene, room } = await startWriter();
    const failure = new CatalogueError('no room');
    let times = 3;
    fake.during = () => {
      if (where === 'during' && times-- > 0) throw failure;
    };
    if (where === 'commit') scene.commits.failure = new EventBusError('bus_full', 'no room');
    for (const one of deliver()(...'abcde')) void writer.offer(one);
    await tick(20_000);
    expect(failed).toEqual([]);
    expect(troubled.length).toBeGreaterThan(0);
    const stored = fake.written.filter(({ kind }) => kind !== 'commit').flatMap(({ lines }) => lines);
    expect(stored).toEqual(['a..', 'b..', 'c..', 'd..', 'e..']);
    expect(scene.commits.ids).toHaveLength(5);
    expect([writer.isIdle, room.held]).toEqual([true, 0]);
  });

  it('waits until the catalogue can be read again', async () => {
    const { fake, writer, troubled, scene } = await startWriter();
    const { read, write } = scene.catalogue;
    const down = () => Promise.reject(new CatalogueError('down'));
    Object.assign(scene.catalogue, { read: down, write: down });
    void writer.offer(deliver()('a')[0]!);
    await tick(5_000);
    expect(troubled.length).toBeGreaterThan(2);
    Object.assign(scene.catalogue, { read, write });
    await tick(1_000);
    expect(fake.batches).toEqual(['a..']);
  });

  it('begins nothing once it is abandoned, and says when its insert has ended', async () => {
    let free = (): void => {};
    const slots = new Slots(1);
    const { fake, writer, room } = await startWriter({ slots });
    fake.during = () => new Promise<void>((resolve) => (free = resolve));
    for (const one of deliver()('a', 'b', 'c')) void writer.offer(one);
    await tick();
    let ended = false;
    void writer.abandon().then(() => (ended = true));
    await tick(10_000);
    expect([ended, room.held]).toEqual([false, 0]);
    free();
    await tick(10_000);
    expect([ended, fake.batches]).toEqual([true, ['a.. b..']]);
  });

  it('does not begin when its turn comes after it was abandoned', async () => {
    const slots = new Slots(1);
    let free = (): void => {};
    void slots.run(() => new Promise<void>((resolve) => (free = resolve)));
    const { fake, writer } = await startWriter({ slots });
    for (const one of deliver()('a', 'b', 'c')) void writer.offer(one);
    const abandoned = writer.abandon();
    free();
    await abandoned;
    expect(fake.written).toEqual([]);
  });
});
