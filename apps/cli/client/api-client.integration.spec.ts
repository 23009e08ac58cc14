import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-codes.js';
import { ApiClient } from './api-client.js';

const KEY = 'alv_0123456_secret';
let server: Server | undefined;
let client: ApiClient | undefined;

afterEach(() => {
  client?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that answers so. */
async function ask(answer: RequestListener, notes: string[] = [], path = ''): Promise<ApiClient> {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const { port } = listening.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}${path}`);
  client = new ApiClient({ url, key: KEY }, { onRetry: (note) => notes.push(note) });
  return client;
}

const PROBLEM = JSON.stringify({
  code: 'invalid_request',
  detail: 'The request has mistakes.',
  mend: 'Correct them.',
  errors: [{ path: 'limit', message: 'is too large', mend: 'At most 10000.' }],
});

describe('the client of the API', () => {
  it('sends the key, a query and JSON, below the path of the address, over one connection', async () => {
    const seen: unknown[] = [];
    const api = await ask(
      (request, reply) => {
        const { method, url, headers, socket } = request;
        seen.push([method, url, headers.authorization, headers['content-type'], socket.remotePort]);
        request.resume().on('end', () => reply.end('{"ok":true}'));
      },
      [],
      '/logs/',
    );
    const query = new URLSearchParams({ a: 'ä b' });
    expect(await api.json({ method: 'POST', path: '/api/v1/x', query, json: {} })).toEqual({ ok: true });
    await api.json({ path: '/api/v1/y' });
    const [first, second] = seen as [unknown[], unknown[]];
    expect(first.slice(0, 4)).toEqual([
      'POST',
      '/logs/api/v1/x?a=%C3%A4+b',
      `Bearer ${KEY}`,
      'application/json',
    ]);
    expect(second[4]).toBe(first[4]);
  });

  it("tells a refusal in the server's words", async () => {
    const api = await ask((_, reply) => reply.writeHead(400).end(PROBLEM));
    await expect(api.json({ path: '/' })).rejects.toMatchObject({
      message: 'The request has mistakes. limit is too large (At most 10000.); (invalid_request)',
      mend: 'Correct them.',
      exit: EXIT.refused,
      code: 'invalid_request',
    });
  });

  it.each([
    [404, 'not here', /HTTP 404/],
    [302, '', /HTTP 302, pointing to http:\/\/elsewhere\//],
    [200, '<html>', /HTTP 200/],
  ])('knows an answer %i of something else', async (status, body, message) => {
    const api = await ask((_, reply) => reply.writeHead(status, { location: 'http://elsewhere/' }).end(body));
    await expect(api.json({ path: '/' })).rejects.toThrow(message);
  });

  it('waits as long as a busy server wants, and says so', async () => {
    let asked = 0;
    const busy = JSON.stringify({ code: 'busy', detail: 'Busy.', mend: 'Later.' });
    const notes: string[] = [];
    const api = await ask((_, reply) => {
      asked += 1;
      if (asked < 3) reply.writeHead(asked === 1 ? 429 : 503, { 'retry-after': '0' }).end(busy);
      else reply.end('{}');
    }, notes);
    expect(await api.json({ path: '/' })).toEqual({});
    expect(notes).toEqual(['Busy. (busy) Trying again in 0 s.', 'Busy. (busy) Trying again in 0 s.']);
  });

  it('gives up where the server stays busy, and at once where asking again is hopeless', async () => {
    let asked = 0;
    let code = 'busy';
    const api = await ask((_, reply) => {
      asked += 1;
      reply.writeHead(503, { 'retry-after': '0' }).end(JSON.stringify({ code, detail: 'No.' }));
    });
    await expect(api.json({ path: '/' })).rejects.toMatchObject({ exit: EXIT.failed, status: 503 });
    expect(asked).toBe(6);
    code = 'search_timeout';
    await expect(api.json({ path: '/' })).rejects.toThrow('search_timeout');
    expect(asked).toBe(7);
  });

  it('says that nothing listens, without the key', async () => {
    const api = await ask((_, reply) => reply.end());
    server?.close();
    server?.closeAllConnections();
    const error: Error = (await api.json({ path: '/' }).then(String, (thrown: Error) => thrown)) as Error;
    expect(error).toMatchObject({ exit: EXIT.unreached, code: 'ECONNREFUSED' });
    expect(error.message).toMatch(/nothing listens there/);
    expect(JSON.stringify(error) + error.message).not.toContain('secret');
  });

  it('says that an answer broke off', async () => {
    const api = await ask((_, reply) => {
      reply.writeHead(200, { 'content-length': '10' }).write('{');
      setTimeout(() => reply.destroy(), 20);
    });
    await expect(api.json({ path: '/' })).rejects.toMatchObject({ exit: EXIT.unreached, code: 'ECONNRESET' });
  });

  it('gives up after the silence that it was allowed', async () => {
    const api = await ask(() => undefined);
    await expect(api.json({ path: '/', silenceMs: 50 })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('ends with the signal', async () => {
    const api = await ask(() => undefined);
    await expect(api.json({ path: '/', signal: AbortSignal.timeout(20) })).rejects.toThrow(/aborted/);
  });
});
