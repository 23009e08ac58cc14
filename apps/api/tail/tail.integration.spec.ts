import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HealthState } from '#observability';
import { TierError } from '#plugin-kit';
import { ServerSentEvents, startTailApi, streamOf, type TailApi } from './testing/tail-api.js';
import { TailHub } from './tail-hub.js';

let api: TailApi;
let key: string;
const WEB = streamOf('web');

beforeEach(async () => {
  api = await startTailApi({ settings: { tailsAtOnce: 3, tailsAtOncePerKey: 2 } });
  key = api.access.add('reader', ['logs:read']);
  for (const name of ['web', 'mail'])
    await api.inject({
      ...{ method: 'POST', url: '/api/v1/streams', payload: { name } },
      headers: { authorization: api.access.add('admin') },
    });
});
afterEach(() => api.stop());

const problemOf = async (query: string, authorization = key) =>
  (await api.inject({ url: `/api/v1/logs/tail${query}`, headers: { authorization } })).json() as {
    readonly code: string;
  };
const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 2));
};

describe('a live tail', () => {
  it('shows each event that is stored from now on, with its id, until its reader leaves', async () => {
    api.store(WEB, [{ message: 'before' }]);
    const tail = await ServerSentEvents.open(api, '', key);
    expect(tail.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const block = api.store(WEB, [{ message: 'a\n\nb' }, { message: 'c' }]);
    expect(await tail.next()).toBe(
      `event: log\nid: ${block}-0\ndata: {"event_id":"${block}-0","message":"a\\n\\nb"}`,
    );
    expect(await tail.data()).toMatchObject({ message: 'c' });
    api.store(streamOf('made-later'), [{ message: 'd' }]);
    expect(await tail.data()).toMatchObject({ message: 'd' });
    const asked = api.tier.blocksQueries.length;
    tail.leave();
    await until(() => api.tier.signal?.aborted === true);
    api.store(WEB, [{ message: 'e' }]);
    expect(api.tier.blocksQueries.length).toBe(asked);
  });

  it('asks the tier for the conditions of a search, and once for all who follow the same', async () => {
    const query = '?stream=web&level=error&search=slow&filter=status:500';
    const tails = [
      await ServerSentEvents.open(api, query, key),
      await ServerSentEvents.open(api, query, key),
    ];
    api.store(streamOf('mail'), [{ message: 'other stream' }]);
    api.store(streamOf('web', 'other'), [{ message: 'other tenant' }]);
    const block = api.store(WEB, [{ message: 'slow' }]);
    for (const tail of tails) expect(await tail.data()).toMatchObject({ message: 'slow' });
    await api.inject({ url: `/api/v1/logs${query}`, headers: { authorization: key } });
    expect(api.tier.blocksQueries).toMatchObject([
      { stream: { name: 'web', tenant: 'default' }, blocks: [block], filter: api.tier.queries[0]?.filter },
    ]);
  });

  it('follows only what its key may read', async () => {
    const held = api.access.add('held', ['logs:read'], { streams: new Set(['web']) });
    const tail = await ServerSentEvents.open(api, '', held);
    api.store(streamOf('mail'), [{ message: 'no' }]);
    api.store(WEB, [{ message: 'yes' }]);
    expect(await tail.data()).toMatchObject({ message: 'yes' });
    expect(await problemOf('?stream=mail', held)).toMatchObject({ code: 'forbidden' });
    expect(await problemOf('?stream=nowhere')).toMatchObject({ code: 'stream_unknown' });
    expect(await problemOf('?query=level:(')).toMatchObject({ code: 'query_invalid' });
    expect(await problemOf('?start_time=now-1h')).toMatchObject({ code: 'invalid_request' });
  });

  it('is bounded in number by key and in all', async () => {
    const other = api.access.add('other', ['logs:read']);
    const first = await ServerSentEvents.open(api, '', key);
    await ServerSentEvents.open(api, '?level=error', key);
    expect(await problemOf('')).toMatchObject({ code: 'too_many_tails', status: 429 });
    await ServerSentEvents.open(api, '', other);
    expect(await problemOf('', other)).toMatchObject({ detail: expect.stringContaining('The server has 3') });
    const metrics = await api.inject({ url: '/metrics', headers: { authorization: api.access.add('ops') } });
    expect(metrics.body).toContain('alluvium_tails 3');
    first.leave();
    for (let open: ServerSentEvents | undefined; !open;)
      open = await ServerSentEvents.open(api, '', key).catch(() => undefined);
  });

  it('ends after the seconds that were asked for', async () => {
    const tail = await ServerSentEvents.open(api, '?seconds=1', key);
    api.store(WEB, [{ message: 'a' }]);
    expect(await tail.data()).toMatchObject({ message: 'a' });
    expect(await tail.next()).toBeUndefined();
  });

  it('ends with the reason when the tier fails, when its key is revoked, and when the process ends', async () => {
    const failing = await ServerSentEvents.open(api, '', key);
    api.tier.failure = new TierError('query', 'The search has too many conditions.');
    api.store(WEB, [{ message: 'a' }]);
    expect(await failing.data()).toMatchObject({ code: 'search_invalid', mend: expect.any(String) });
    expect(await failing.next()).toBeUndefined();
    api.tier.failure = undefined;

    const revoked = await ServerSentEvents.open(api, '', key);
    api.access.remove('reader');
    api.store(WEB, [{ message: 'b' }]);
    expect(await revoked.data()).toMatchObject({ code: 'unauthenticated' });
    expect(await revoked.next()).toBeUndefined();

    const other = api.access.add('other', ['logs:read']);
    const last = await ServerSentEvents.open(api, '', other);
    api.app.get(HealthState).markDraining();
    api.app.get(TailHub).close();
    expect(await last.data()).toMatchObject({ code: 'shutting_down' });
    expect(await last.next()).toBeUndefined();
    expect(await problemOf('', other)).toMatchObject({ code: 'shutting_down' });
  });

  it('has no events for a HEAD request', async () => {
    const answer = await api.inject({
      method: 'HEAD',
      url: '/api/v1/logs/tail',
      headers: { authorization: key },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
  });
});
