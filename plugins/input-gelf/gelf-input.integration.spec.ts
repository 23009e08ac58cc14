import { afterEach, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { deflateSync, gzipSync } from 'node:zlib';
import type { Input, InputAddress } from '#plugin-kit';
import { describeInputContract, RecordingContext, sendDatagrams, sendStream } from '#plugin-kit/testing';
import plugin from './index.js';

const { input } = plugin;
const HOST = '127.0.0.1';
const MESSAGES = ['one', 'two', 'three'].map((text) =>
  JSON.stringify({ version: '1.1', short_message: text }),
);
const chunk = (number: number, count: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([0x1e, 0x0f]), Buffer.from('abcdefgh'), Buffer.from([number, count]), bytes]);

async function post(
  address: InputAddress,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`http://${HOST}:${address.port}/gelf`, {
    method: 'POST',
    body,
    headers: { connection: 'close', ...headers },
  });
}

describeInputContract('GELF over UDP', {
  input,
  options: (udp_port) => ({ host: HOST, udp_port }),
  messages: MESSAGES,
  sendBytes: (address, bytes) => sendDatagrams(address, [bytes]),
  send: (address, messages) =>
    sendDatagrams(
      address,
      messages.map((text) => gzipSync(text)),
    ),
  isStream: false,
});

describeInputContract('GELF over TCP', {
  input,
  options: (tcp_port) => ({ host: HOST, tcp_port }),
  messages: MESSAGES,
  sendBytes: sendStream,
  send: (address, messages) => sendStream(address, Buffer.from(`${messages.join('\0')}\0`)),
  isStream: true,
});

describeInputContract('GELF over HTTP', {
  input,
  options: (http_port) => ({ host: HOST, http_port }),
  messages: MESSAGES,
  sendBytes: sendStream,
  send: async (address, messages) => {
    for (const message of messages) await post(address, Buffer.from(message));
  },
  isStream: true,
});

const running: Input[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function start(options: Readonly<Record<string, unknown>>, host = new RecordingContext()) {
  const made = input.create(host.contextFor({ host: HOST, ...options }));
  running.push(made);
  const [address] = await made.start();
  return { made, host, address: address as InputAddress };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries += 1) await pause(10);
}

describe('a GELF input over UDP', () => {
  it('puts chunks together, in any order, compressed as a whole', async () => {
    const { address, host } = await start({ udp_port: 0 });
    const text = JSON.stringify({
      short_message: 'x'.repeat(5_000),
      n: Array.from({ length: 500 }, Math.random),
    });
    const payload = deflateSync(text);
    const size = Math.ceil(payload.length / 4);
    const parts = [3, 1, 0, 2].map((n) => chunk(n, 4, payload.subarray(n * size, (n + 1) * size)));
    await sendDatagrams(address, parts);
    await until(() => host.messages.length === 1);
    expect(host.messages).toEqual([text]);
    expect(host.batches[0]).toMatchObject({ format: 'lines', parser: 'gelf' });
  });

  it('takes a message in a single chunk', async () => {
    const { address, host } = await start({ udp_port: 0 });
    await sendDatagrams(address, [chunk(0, 1, deflateSync('{"short_message":"x"}'))]);
    await until(() => host.messages.length === 1);
    expect(host.messages).toEqual(['{"short_message":"x"}']);
  });

  it('drops, and counts, what never becomes a message', async () => {
    const { address, host, made } = await start({ udp_port: 0 });
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    await sendDatagrams(address, [bomb, gzipSync('x').subarray(0, 12), chunk(9, 2, Buffer.from('x'))]);
    await sendDatagrams(address, [chunk(0, 2, Buffer.from('{')), Buffer.from('{"short_message":"last"}')]);
    await until(() => host.messages.length === 1);
    await made.stop();
    expect(Object.fromEntries(host.dropped)).toEqual({
      ...{ too_large: 1, not_decodable: 1, chunk_invalid: 1, chunks_missing: 1 },
    });
  });
});

describe('a GELF input over HTTP', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text), {}],
    ['gzip', (text: string) => gzipSync(text), { 'content-encoding': 'gzip' }],
    // As Python's libraries do.
    [
      'zlib that says it is gzip',
      (text: string) => deflateSync(text),
      { 'content-encoding': 'gzip,deflate' },
    ],
    ['plain that says it is gzip', (text: string) => Buffer.from(text), { 'content-encoding': 'gzip' }],
  ])('takes a message, whatever its headers say: %s', async (_kind, encode, headers) => {
    const { address, host } = await start({ http_port: 0 });
    const answer = await post(address, encode('{"short_message":\n"x"}'), headers);
    expect([answer.status, host.messages]).toEqual([202, ['{"short_message": "x"}']]);
  });

  it('answers when the message is durable', async () => {
    const host = new RecordingContext();
    const { address } = await start({ http_port: 0 }, host);
    let letGo = (): void => undefined;
    host.gate = new Promise((resolve) => (letGo = resolve));
    const answer = post(address, Buffer.from(MESSAGES[0] ?? ''));
    expect(await Promise.race([answer.then(({ status }) => status), pause(200, 'waits')])).toBe('waits');
    letGo();
    expect((await answer).status).toBe(202);
  });

  it('says to come again where there is no room', async () => {
    const host = new RecordingContext();
    const { address } = await start({ http_port: 0 }, host);
    host.busy = true;
    const answer = await post(address, Buffer.from(MESSAGES[0] ?? ''));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  });

  it.each([
    [Buffer.from([0x1f, 0x8b, 8, 0]), 400],
    [Buffer.alloc(0), 400],
    [Buffer.alloc(70_000, 'x'), 413],
    [gzipSync(Buffer.alloc(10_000_000)), 413],
  ])('refuses a body that is no message (%#)', async (body, status) => {
    const { address, host } = await start({ http_port: 0 });
    expect((await post(address, body)).status).toBe(status);
    expect(host.messages).toEqual([]);
  });

  it('has one path and one method', async () => {
    const { address } = await start({ http_port: 0 });
    const base = `http://${HOST}:${address.port}`;
    const close = { connection: 'close' };
    expect((await fetch(`${base}/gelf`, { headers: close })).status).toBe(405);
    expect((await fetch(`${base}/other`, { method: 'POST', body: 'x', headers: close })).status).toBe(404);
  });
});
