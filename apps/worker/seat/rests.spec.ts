import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryCatalogue } from '#catalogue/testing';
import { hold, startPool } from '../testing/pool-scene.js';
import { deliveriesOf, STREAM } from '../testing/scene.js';
import { RestFollower } from './rest-follower.js';
import { Rests } from './rests.js';

const logger = { warn: () => undefined };
let catalogue: MemoryCatalogue;
/** Whose each lane is. */
let lanes: { lane: string; run: string }[];
let ended: AbortController;
let followers: RestFollower[];
beforeEach(() => {
  [catalogue, lanes, followers] = [new MemoryCatalogue(), [], []];
  ended = new AbortController();
});
afterEach(async () => {
  ended.abort(new Error('over'));
  for (const follower of followers) await follower.stop();
});

function restsOf(run: string, signal = ended.signal): Rests {
  return new Rests({ catalogue, run, ended: signal, lanes: { held: async () => lanes } });
}

/** Another process that has lane 0, and writers. */
function startOther(renew: () => Promise<void> = async () => undefined) {
  lanes.push({ lane: '0', run: 'other' });
  const scene = startPool(catalogue);
  scene.pool.assigned('0', 1, scene.commits.commit);
  const follower = new RestFollower({ catalogue, run: 'other', writers: scene.pool, renew, logger });
  followers.push(follower);
  follower.start();
  return scene;
}

const nothing = async (): Promise<void> => undefined;

describe('a stream that rests for a job of another process', () => {
  it('is written to the end of the batch under way, and not again before the job is done', async () => {
    const { pool, fake } = startOther();
    const letGo = hold(fake);
    const deliver = deliveriesOf();
    await pool.offer(STREAM, deliver('aaaaaaaaaaaa'));
    await vi.waitFor(() => expect(fake.atOnce).toBe(1));
    const seen: string[][] = [];
    let end = (): void => {};
    const held = restsOf('job').hold(
      STREAM,
      async () => {
        seen.push(fake.batches);
        await new Promise<void>((resolve) => (end = resolve));
        seen.push(fake.batches);
      },
      nothing,
    );
    await vi.waitFor(async () => expect(await catalogue.scan('rests')).toHaveLength(1));
    await followers[0]?.look();
    await new Promise((resolve) => setImmediate(resolve));
    await pool.offer(STREAM, deliver('b'));
    expect(seen).toEqual([]);
    letGo();
    await vi.waitFor(() => expect(seen).toHaveLength(1), 5_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    end();
    await held;
    expect(seen).toEqual([['aaaaaaaaaaaa'], ['aaaaaaaaaaaa']]);
    await pool.drain();
    expect(fake.batches).toEqual(['aaaaaaaaaaaa', 'b']);
  });

  it('is written again only when what the job changed is known there', async () => {
    let fails = 2;
    const { pool, fake } = startOther(async () => {
      fails -= 1;
      if (fails >= 0) throw new Error('not known yet');
    });
    await restsOf('job').hold(STREAM, nothing, nothing);
    await pool.offer(STREAM, deliveriesOf()('a'));
    await pool.drain();
    expect([fails < 0, fake.batches]).toEqual([true, ['a']]);
  });

  it('does not begin while a process that has a lane has not answered, frozen as it may be, until another has the lane', async () => {
    lanes.push({ lane: '3', run: 'frozen' });
    let isAtWork = false;
    const held = restsOf('job').hold(STREAM, async () => void (isAtWork = true), nothing);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(isAtWork).toBe(false);
    lanes = [{ lane: '3', run: 'job' }];
    await held;
    expect(isAtWork).toBe(true);
  });

  it('is put in order before it is written again, where the job failed', async () => {
    const steps: string[] = [];
    const mend = async (): Promise<void> => {
      steps.push('mend');
      if (steps.length < 3) throw new Error('out');
    };
    const failing = restsOf('job').hold(STREAM, () => Promise.reject(new Error('job')), mend);
    await expect(failing).rejects.toThrow('job');
    expect(steps).toEqual(['mend', 'mend', 'mend']);
    expect(await catalogue.scan('rests')).toEqual([]);
  });

  it('rests on when the process of the job is killed, until the next one has looked after it', async () => {
    const { pool, fake } = startOther();
    const killed = new AbortController();
    const dying = restsOf('killed', killed.signal).hold(
      STREAM,
      async () => {
        killed.abort(new Error('killed'));
        throw new Error('killed');
      },
      nothing,
    );
    await expect(dying).rejects.toThrow('killed');
    const offered = pool.offer(STREAM, deliveriesOf()('a'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(fake.batches).toEqual([]);
    const next = restsOf('next');
    expect([await next.isAsked(STREAM), await restsOf('killed').isAsked(STREAM)]).toEqual([true, false]);
    const mended: string[] = [];
    await next.takeOver(async (tenant, name) => void mended.push(`${tenant}/${name}`, ...fake.batches));
    expect(mended).toEqual([`${STREAM.tenant}/${STREAM.name}`]);
    await offered;
    await pool.drain();
    expect(fake.batches).toEqual(['a']);
  });

  it('lets whoever waits for it go when its process ends, without a word more written', async () => {
    const { pool, fake } = startOther();
    const killed = new AbortController();
    const dying = restsOf('killed', killed.signal).hold(
      STREAM,
      async () => {
        killed.abort(new Error('killed'));
        throw new Error('killed');
      },
      nothing,
    );
    await expect(dying).rejects.toThrow('killed');
    const offered = pool.offer(STREAM, deliveriesOf()('a'));
    const [follower] = followers;
    await follower?.stop();
    const stopped = pool.stop();
    follower?.leave();
    await Promise.all([stopped, offered]);
    expect(fake.batches).toEqual([]);
  });
});

describe('writers beside those of other processes', () => {
  it('do not begin on a stream that another one keeps to itself', async () => {
    const rests = {
      isAsked: async () => true,
      lanes: async () => [],
      hold: () => Promise.reject(new Error()),
    };
    const { pool, commits } = startPool(catalogue, rests);
    pool.assigned('0', 1, commits.commit);
    await expect(pool.offer(STREAM, deliveriesOf()('a'))).rejects.toMatchObject({ code: 'stream_busy' });
  });

  it('give a lane away only when inserts whose answer was lost have ended', async () => {
    let tries = 0;
    const settled = async (): Promise<void> => {
      tries += 1;
      if (tries === 1) throw new Error('out');
    };
    const { pool, commits } = startPool(catalogue, restsOf('own'), settled);
    pool.assigned('0', 1, commits.commit);
    await pool.offer(STREAM, deliveriesOf()('a'));
    await pool.drain();
    await pool.revoked('0');
    expect(tries).toBe(2);
  });

  it('know whether a batch is half stored on a lane of another process', async () => {
    lanes.push({ lane: '5', run: 'other' });
    const { pool } = startPool(catalogue, restsOf('own'));
    const id = `5/${STREAM.tenant}/${STREAM.name}`;
    expect(await pool.isAtRest(STREAM)).toBe(true);
    await catalogue.write([{ collection: 'ingest-state', id, value: { phase: 'BEFORE', epoch: 1 } }]);
    expect(await pool.isAtRest(STREAM)).toBe(false);
  });
});
