import { connect, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_FRAME } from '../apps/api/requests/decoding/testing/zstd-frames.js';
import { ApiClient } from './support/api-client.js';
import { pause } from './support/appliance-process.js';
import { headOf, sendRaw, type RawPiece } from './support/raw-request.js';
import { startAppliance, type Appliance } from './support/start-appliance.js';

const MIB = 2 ** 20;
const PATH = '/api/v1/streams/bodies/events';
const ndjson = { 'content-type': 'application/x-ndjson' };
const json = { 'content-type': 'application/json' };
const text = { 'content-type': 'text/plain; charset=UTF-8' };

let appliance: Appliance;
let api: ApiClient;
beforeAll(async () => {
  appliance = await startAppliance({
    env: {
      ALLUVIUM_HTTP_MAX_CONNECTIONS_PER_ADDRESS: '2100',
      ALLUVIUM_LIMITS_BODIES_AT_ONCE_BYTES: '20MiB',
    },
  });
  api = new ApiClient(appliance);
});
afterAll(() => appliance.dispose());

const messagesIn = async (stream: string): Promise<unknown[]> => {
  const { body } = await api.logs({ stream, start_time: 'now-1h', end_time: 'now+1h', limit: 1_000 });
  return body.logs.map((event) => event['message']).sort();
};

describe('events are found, whatever they are sent as', () => {
  const two = '{"message":"a"}\n{"message":"b"}\n';
  it.each<[string, Record<string, string>, string | Buffer]>([
    ['lines of JSON', ndjson, two],
    ['an array', json, '[{"message":"a"},{"message":"b"}]'],
    [
      'an array over many lines',
      json,
      '\ufeff[\r\n  {\r\n    "message": "a"\r\n  },\r\n  {"message": "b"}\r\n]\r\n',
    ],
    ['lines of text', text, 'a\r\n\r\nb'],
    ['gzip', { ...ndjson, 'content-encoding': 'gzip' }, gzipSync(two)],
    ['gzip of two members', { ...ndjson, 'content-encoding': 'gzip' }, twice((part) => gzipSync(part))],
    ['deflate', { ...ndjson, 'content-encoding': 'deflate' }, deflateSync(two)],
    ['deflate without header', { ...ndjson, 'content-encoding': 'deflate' }, deflateRawSync(two)],
    ['brotli', { ...text, 'content-encoding': 'br' }, brotliCompressSync('a\nb')],
  ])('%s', async (name, headers, body) => {
    const stream = name.replaceAll(' ', '-').toLowerCase();
    const answer = await api.send(stream, Buffer.from(body), { ...headers, prefer: 'wait=30' });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 2, stored: 2, quarantined: 0 } });
    expect(await messagesIn(stream)).toEqual(['a', 'b']);
  });

  it('zstd, as its own compressor makes it', async () => {
    const headers = { ...ndjson, 'content-encoding': 'zstd', prefer: 'wait=30' };
    const answer = await api.send('zstd', SAMPLE_FRAME, headers);
    expect(answer).toMatchObject({ status: 200, body: { accepted: 400, stored: 400 } });
  });

  it('the bytes of an element come back as JSON that is equal', async () => {
    const event = '{"message":"kept","n":12345678901234567890,"list":[1.50,null,{"a":"\\u00e4"}]}';
    await api.send('equal', Buffer.from(`[ ${event} ]`), { ...json, prefer: 'wait=30' });
    const { body } = await api.logs({ stream: 'equal', start_time: 'now-1h', end_time: 'now+1h' });
    expect(body.logs[0]).toMatchObject({ message: 'kept', attributes: { list: [1.5, null, { a: 'ä' }] } });
    expect(JSON.stringify(body.logs[0])).toContain('12345678901234567890');
  });
});

function twice(compress: (part: string) => Buffer): Buffer {
  return Buffer.concat(['{"message":"a"}\n', '{"message":"b"}\n'].map(compress));
}

describe('Expect: 100-continue', () => {
  const line = '{"message":"continued"}\n';
  const ask = (headers: Record<string, string | undefined>, pieces: RawPiece[] = []) => {
    const all = { ...ndjson, 'content-length': String(line.length), expect: '100-continue', ...headers };
    return sendRaw(appliance, [headOf(appliance, `POST ${PATH}`, all), ...pieces], { timeoutMs: 5_000 });
  };

  it('is answered before the body is sent, and the events are taken', async () => {
    expect(await ask({}, [100, line])).toMatchObject({ status: 202, continued: true });
  });

  it.each<[string, Record<string, string | undefined>, number]>([
    ['no key', { authorization: undefined }, 401],
    ['a type that is not taken', { 'content-type': 'text/html' }, 415],
    ['an encoding that is not taken', { 'content-encoding': 'lzma' }, 415],
    ['a body that is too large', { 'content-length': String(17 * MIB) }, 413],
  ])('with %s is refused before the body is sent', async (_, headers, status) => {
    const answer = await ask(headers);
    expect(answer).toMatchObject({ status, continued: false, headers: { connection: 'close' } });
  });
});

describe('a connection', () => {
  it('goes on behind a GET or HEAD that has a body', async () => {
    const headers = { ...json, 'content-length': '9' };
    const heads = ['GET /health/live', 'HEAD /health/live'].map((line) => headOf(appliance, line, headers));
    const last = headOf(appliance, 'GET /api/v1/nothing');
    const socket = await open();
    let answers = '';
    socket.on('data', (chunk) => (answers += chunk.toString()));
    socket.write(`${heads[0]}{"a":"b"}${heads[1]}{"a":"b"}${last}`);
    while (!answers.includes('route_unknown')) await pause(10);
    socket.destroy();
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404']);
  });

  it.each<[string, string, Record<string, string | undefined>, number]>([
    ['too large', PATH, {}, 413],
    ['too large in chunks', PATH, { 'content-length': undefined, 'transfer-encoding': 'chunked' }, 413],
    ['of a type that is not taken', PATH, { 'content-type': 'text/html' }, 415],
    ['for no stream', '/api/v1/streams/%zz/events', {}, 400],
    ['for no path', '/api/v1/nothing', {}, 404],
  ])('lets a client send all of a body that is %s, and read why', async (_, path, headers, status) => {
    const piece = Buffer.alloc(MIB, 'x');
    const chunk = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
    const pieces = Array.from({ length: 30 }, () => ('transfer-encoding' in headers ? chunk : piece));
    const all = { ...ndjson, 'content-length': String(30 * MIB), connection: 'close', ...headers };
    const line = await sendAllThenRead(headOf(appliance, `POST ${path}`, all), pieces);
    expect(line).toContain(`HTTP/1.1 ${status} `);
  });
});

function open(): Promise<Socket> {
  const { hostname, port } = new URL(appliance.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.on('error', reject);
  });
}

/** Like a client that looks for the answer only when its body is out. */
async function sendAllThenRead(head: string, pieces: readonly Buffer[]): Promise<string> {
  const socket = await open();
  socket.pause();
  for (const piece of [Buffer.from(head), ...pieces])
    await new Promise<void>((resolve, reject) =>
      socket.write(piece, (error) => (error ? reject(error) : resolve())),
    );
  const answer = await new Promise<Buffer>((resolve) => socket.resume().once('data', resolve));
  socket.destroy();
  return answer.toString().split('\r\n', 1)[0] ?? '';
}

describe('many at once', () => {
  it('bodies beyond the memory for them are told to come again', async () => {
    const half = headOf(appliance, `POST ${PATH}`, { ...ndjson, 'content-length': String(12 * MIB) });
    const holder = await open();
    holder.write(half);
    holder.write(Buffer.alloc(11 * MIB, '{"message":"x"}\n'));
    await pause(500);
    const other = headOf(appliance, `POST ${PATH}`, { ...ndjson, 'content-length': String(10 * MIB) });
    const refused = await sendRaw(appliance, [other]);
    expect([refused.status, JSON.parse(refused.body)['code']]).toEqual([503, 'busy']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await api.send('bodies', Buffer.from('{"message":"small"}\n'))).status).toBe(202);
    holder.destroy();
    await pause(200);
    const taken = await api.send('bodies', Buffer.alloc(10 * MIB, '{"message":"x"}\n'));
    expect(taken.status).toBe(202);
  });

  it('two thousand slow senders hold nobody up, and one address gets no more places than it may', async () => {
    const sockets = await Promise.all(Array.from({ length: 2_000 }, open));
    for (const socket of sockets)
      socket.on('error', () => {}).write('POST /api/v1/events HTTP/1.1\r\nhost: x\r\n');
    const times: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      const started = performance.now();
      expect((await api.send('bodies', Buffer.from('{"message":"healthy"}\n'))).status).toBe(202);
      times.push(performance.now() - started);
    }
    const p99 = times.sort((a, b) => a - b)[98] ?? 0;
    process.stdout.write(`beside 2,000 slow senders: p99 ${Math.round(p99)} ms\n`);
    expect(p99).toBeLessThan(2_000);
    const more = await Promise.all(Array.from({ length: 200 }, open));
    const closed = (): number =>
      more.filter((socket) => socket.readableEnded || socket.destroyed || socket.closed).length;
    await expect.poll(closed, { timeout: 10_000 }).toBeGreaterThanOrEqual(90);
    for (const socket of [...sockets, ...more]) socket.destroy();
    await pause(500);
    expect((await api.send('bodies', Buffer.from('{"message":"after"}\n'))).status).toBe(202);
  });
});
