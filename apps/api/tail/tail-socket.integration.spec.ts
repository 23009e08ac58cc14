import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTailApi, streamOf, type TailApi } from './testing/tail-api.js';
import { TailHub } from './tail-hub.js';

let api: TailApi;
let key: string;
const WEB = streamOf('web');

beforeEach(async () => {
  api = await startTailApi();
  key = api.access.add('reader', ['logs:read']);
});
afterEach(() => api.stop());

interface Open {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

function open({ protocols = [], headers = { authorization: key }, path = '/api/v1/logs/tail' }: Open = {}) {
  return new WebSocket(`ws://127.0.0.1:${api.port}${path}`, [...protocols], { headers });
}

async function refusal(options: Open): Promise<{ status: number | undefined; code: unknown }> {
  const socket = open(options);
  socket.once('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { code } = JSON.parse(Buffer.concat(chunks).toString()) as { code: unknown };
  return { status: answer.statusCode, code };
}

const next = async (socket: WebSocket): Promise<unknown> => {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return JSON.parse(data.toString());
};

describe('a live tail as WebSocket', () => {
  it('sends each event as a text', async () => {
    const socket = open();
    await once(socket, 'open');
    const block = api.store(WEB, [{ message: 'a' }]);
    expect(await next(socket)).toEqual({ type: 'log', log: { event_id: `${block}-0`, message: 'a' } });
    socket.close();
    await once(socket, 'close');
    while (api.tier.signal?.aborted !== true) await new Promise((resolve) => setTimeout(resolve, 2));
  });

  it('takes the key from among the protocols, and never sends it back', async () => {
    const socket = open({ protocols: ['alluvium.tail.v1', 'alluvium.key.reader'], headers: {} });
    await once(socket, 'open');
    expect(socket.protocol).toBe('alluvium.tail.v1');
    socket.terminate();
  });

  it('is refused as any request is, before the connection is taken over', async () => {
    const writer = api.access.add('writer', ['events:write']);
    expect(await refusal({ headers: {} })).toEqual({ status: 401, code: 'unauthenticated' });
    expect(await refusal({ headers: { authorization: writer } })).toEqual({ status: 403, code: 'forbidden' });
    expect(await refusal({ path: '/api/v1/logs/tail?stream=nowhere' })).toMatchObject({ status: 404 });
    expect(await refusal({ path: '/api/v1/nothing' })).toEqual({ status: 404, code: 'route_unknown' });
  });

  it('may be opened by pages of this server only', async () => {
    const origin = (value: string) => ({ headers: { authorization: key, origin: value } });
    for (const foreign of ['https://evil.example', 'null', `http://127.0.0.1:${api.port + 1}`])
      expect(await refusal(origin(foreign))).toEqual({ status: 403, code: 'forbidden' });
    const own = open(origin(`http://127.0.0.1:${api.port}`));
    await once(own, 'open');
    own.terminate();
  });

  it('says why it ends: its key was revoked, or the process ends', async () => {
    const revoked = open();
    await once(revoked, 'open');
    api.access.remove('reader');
    api.store(WEB, [{ message: 'a' }]);
    const closed = once(revoked, 'close');
    expect(await next(revoked)).toMatchObject({ type: 'problem', problem: { code: 'unauthenticated' } });
    expect((await closed)[0]).toBe(1008);

    const last = open({ headers: { authorization: api.access.add('other', ['logs:read']) } });
    await once(last, 'open');
    const ended = once(last, 'close');
    api.app.get(TailHub).close();
    expect(await next(last)).toMatchObject({ problem: { code: 'shutting_down' } });
    expect((await ended)[0]).toBe(1001);
  });

  it('ends where its client says more than it has to say', async () => {
    const socket = open();
    await once(socket, 'open');
    socket.send('x'.repeat(2_000));
    expect((await once(socket, 'close'))[0]).toBe(1009);
  });
});

describe('an offer of another protocol', () => {
  const send = (path: string, body: string, headers: Record<string, string>): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const all = { authorization: api.access.add('admin'), ...headers };
      const sent = request(
        { port: api.port, host: '127.0.0.1', path, method: 'POST', headers: all },
        resolve,
      );
      sent.once('error', reject).end(body);
    });

  it.each([
    ['with a body of known length', {}],
    ['with a body in chunks', { 'transfer-encoding': 'chunked' }],
  ])('is answered as if it were not there: events %s', async (_name, headers) => {
    const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQ' };
    const type = { 'content-type': 'application/x-ndjson' };
    const body = `${JSON.stringify({ message: 'x'.repeat(100_000) })}\n`.repeat(3);
    const answer = await send('/api/v1/events', body, { ...type, ...offer, ...headers });
    expect(answer.statusCode).toBe(202);
    answer.resume();
    expect(api.bus.backlog().events).toBe(3);
  });
});
