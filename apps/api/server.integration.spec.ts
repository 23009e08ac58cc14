import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pool } from 'undici';
import { startTestApi, type TestApi } from './testing/test-api.js';

let api: TestApi;
let port: number;
let authorization: string;

beforeAll(async () => {
  api = await startTestApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  port = (api.app.getHttpServer().address() as AddressInfo).port;
  authorization = api.access.add('agent');
});
afterAll(() => api.stop());

/** Sends raw bytes and resolves with all that comes back until the server closes. */
async function talk(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  await once(socket, 'close');
  return answer;
}

describe('a real connection', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
    [
      'endless headers',
      `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      400,
      'bad_request',
    ],
  ])('with %s is answered in the one form and closed', async (_, bytes, status, code) => {
    const answer = await talk(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });

  const head = (extra: string) =>
    `POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/x-ndjson\r\n${extra}\r\n\r\n`;

  it('that declares too large a body is refused before it sends one', async () => {
    const answer = await talk(head('content-length: 99999999'));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('16777216 bytes');
  });

  it('that streams too large a body is refused when it is over the limit', async () => {
    const chunk = 'x'.repeat(2 ** 20);
    const chunks = `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(17);
    expect(await talk(`${head('transfer-encoding: chunked')}${chunks}`)).toMatch(/^HTTP\/1.1 413 /);
  });

  it('of a stranger is refused before its body is read', async () => {
    const answer = await talk(
      'POST /api/v1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-ndjson\r\ncontent-length: 1000\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });

  it('that breaks off in the middle of a body leaves nothing behind, and the server goes on', async () => {
    const before = api.bus.lines.length;
    const socket = connect(port, '127.0.0.1');
    socket.write(`${head('content-length: 100')}{"a":1}\n`);
    await once(socket, 'connect');
    socket.destroy();
    await once(socket, 'close');
    expect((await fetch(`http://127.0.0.1:${port}/health/live`)).status).toBe(200);
    expect(api.bus.lines).toHaveLength(before);
  });

  it('that is given up ends its search', async () => {
    const headers = { authorization, 'content-type': 'application/json' };
    const base = `http://127.0.0.1:${port}/api/v1`;
    await fetch(`${base}/streams`, { method: 'POST', headers, body: '{"name":"web"}' });
    api.tier.hangs = true;
    const search = request(`${base}/logs`, { method: 'POST', headers }).on('error', () => {});
    search.end('{}');
    while (!api.tier.signal) await new Promise(setImmediate);
    search.destroy();
    await once(api.tier.signal, 'abort');
    expect(api.tier.signal.aborted).toBe(true);
  });
});

it('takes many small requests on 16 connections, each once (the rate is printed, not judged)', async () => {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 16 });
  const headers = { authorization, 'content-type': 'application/x-ndjson' };
  const total = 5_000;
  const before = api.bus.lines.length;
  api.bus.commitAll();
  let sent = 0;
  const started = performance.now();
  const sender = async () => {
    while (sent < total) {
      const body = `{"n":${(sent += 1)},"level":"info","message":"a small event"}\n`;
      const answer = await pool.request({ method: 'POST', path: '/api/v1/events', headers, body });
      await answer.body.dump();
      expect(answer.statusCode).toBe(202);
    }
  };
  await Promise.all(Array.from({ length: 16 }, sender));
  const seconds = (performance.now() - started) / 1_000;
  process.stdout.write(`${Math.round(total / seconds)} requests/s, sender and server in one process\n`);
  expect(new Set(api.bus.lines.slice(before)).size).toBe(total);
  await pool.close();
});
