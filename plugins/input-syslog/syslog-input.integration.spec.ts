import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Input, InputAddress } from '#plugin-kit';
import { describeInputContract, RecordingContext, sendDatagrams, sendStream } from '#plugin-kit/testing';
import plugin from './index.js';

const { input } = plugin;
const HOST = '127.0.0.1';
const MESSAGES = ['<34>1 - - - - - - one', '<13>Nov 21 08:00:00 web app: two', '<1>three'];
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describeInputContract('syslog over TCP', {
  input,
  options: (tcp_port) => ({ host: HOST, tcp_port }),
  messages: MESSAGES,
  sendBytes: sendStream,
  send: (address, messages) => sendStream(address, Buffer.from(messages.map(counted).join(''))),
  isStream: true,
});

describeInputContract('syslog over UDP', {
  input,
  options: (udp_port) => ({ host: HOST, udp_port }),
  messages: MESSAGES,
  sendBytes: (address, bytes) => sendDatagrams(address, [bytes]),
  send: (address, messages) =>
    sendDatagrams(
      address,
      messages.map((text) => Buffer.from(text)),
    ),
  isStream: false,
});

const running: Input[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function start(options: Readonly<Record<string, unknown>>, host = new RecordingContext()) {
  const made = input.create({
    ...host.contextFor({ host: HOST, ...options }),
    readSecret: (path) => readFile(path),
  });
  running.push(made);
  const addresses = await made.start();
  return { made, host, addresses, address: addresses[0] as InputAddress };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries += 1) await pause(10);
}

async function open({ port }: InputAddress): Promise<Socket> {
  const socket = connect(port, HOST);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

describe('a syslog input over TCP', () => {
  it('reads on only when what it read is durable', async () => {
    const host = new RecordingContext();
    const { address } = await start({ tcp_port: 0 }, host);
    let letGo = (): void => undefined;
    host.gate = new Promise((resolve) => (letGo = resolve));
    const socket = await open(address);
    const line = `<1>${'x'.repeat(1_000)}\n`;
    const sent = new Promise<void>((resolve) => socket.write(line.repeat(20_000), () => resolve()));
    const isSent = await Promise.race([sent.then(() => true), pause(500, false)]);
    expect([isSent, host.open, host.messages.length]).toEqual([false, 1, 0]);
    letGo();
    await sent;
    socket.end();
    await until(() => host.messages.length === 20_000);
    expect([host.messages.length, host.mostOpen]).toEqual([20_000, 1]);
  });

  it('takes a last line without its end where the sender ended, and none where it broke off', async () => {
    const { address, host } = await start({ tcp_port: 0 });
    await sendStream(address, Buffer.from('<1>a\n<2>b'));
    const socket = await open(address);
    socket.write('<3>c\n<4>d');
    await until(() => host.messages.length === 3);
    socket.resetAndDestroy();
    await until(() => host.connections === 0);
    expect(host.messages).toEqual(['<1>a', '<2>b', '<3>c']);
    expect(Object.fromEntries(host.dropped)).toEqual({ cut: 1 });
  });

  it('never takes a part of a counted message', async () => {
    const { address, host } = await start({ tcp_port: 0 });
    await sendStream(address, Buffer.from('4 <1>a20 <2>b'));
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([['<1>a'], { cut: 1 }]);
  });

  it('takes a message that comes byte by byte', async () => {
    const { address, host } = await start({ tcp_port: 0 });
    const socket = await open(address);
    socket.setNoDelay(true);
    for (const byte of counted('<1>slow')) {
      socket.write(byte);
      await pause(2);
    }
    await until(() => host.messages.length === 1);
    expect(host.messages).toEqual(['<1>slow']);
    socket.destroy();
  });

  it.each([
    ['99999999999 <1>a', 'octet_count'],
    ['\x16\x03\x01\x00\x05', 'tls_without_tls'],
    ['x\x9cab', 'compressed'],
  ])('closes a stream that is none of syslog: %j', async (bytes, reason) => {
    const { address, host } = await start({ tcp_port: 0 });
    const socket = await open(address);
    socket.write(Buffer.from(bytes, 'latin1'));
    await once(socket, 'close');
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([[], { [reason]: 1 }]);
  });

  it('closes idle connections, and those beyond its limits', async () => {
    const { address, host } = await start({ tcp_port: 0, idle_seconds: 1, max_connections_per_address: 2 });
    const sockets = [await open(address), await open(address)];
    const third = await open(address);
    await once(third, 'close');
    expect(Object.fromEntries(host.dropped)).toEqual({ connection_refused: 1 });
    await Promise.all(sockets.map((socket) => once(socket, 'close')));
    await until(() => host.connections === 0);
    expect(host.connections).toBe(0);
    await sendStream(address, Buffer.from('<1>a\n'));
    expect(host.messages).toEqual(['<1>a']);
  });

  it('lets many slow senders wait without holding up others', async () => {
    const { address, host } = await start({ tcp_port: 0 });
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(address)));
    for (const socket of slow) socket.write('<1>never en');
    await sendStream(address, Buffer.from('<1>a\n<2>b\n'));
    expect(host.messages).toEqual(['<1>a', '<2>b']);
    for (const socket of slow) socket.destroy();
  });

  it('cuts what is longer than a message may be, and goes on', async () => {
    const { address, host } = await start({ tcp_port: 0 });
    await sendStream(address, Buffer.from(`<1>${'x'.repeat(100_000)}\n<2>b\n`));
    expect(host.messages.map(({ length }) => length)).toEqual([64 * 1024, 4]);
    expect(host.batches.reduce((sum, { truncated = 0 }) => sum + truncated, 0)).toBe(1);
  });

  it('takes what was sent to it when it stops, and tells the sender', async () => {
    const { made, address, host } = await start({ tcp_port: 0 });
    const socket = await open(address);
    socket.resume();
    let n = 0;
    const writing = setInterval(() => socket.writable && socket.write(`<1>${n++}\n`), 1);
    socket.once('end', () => clearInterval(writing));
    await until(() => host.messages.length > 10);
    await made.stop();
    clearInterval(writing);
    expect(host.messages).toEqual(Array.from({ length: n }, (_, at) => `<1>${at}`));
  });
});

describe('a syslog input over UDP', () => {
  it('takes a datagram as a message, without its end', async () => {
    const { address, host } = await start({ udp_port: 0 });
    await sendDatagrams(
      address,
      ['<1>a\n', '<2>b\0', '<3>c\r\n', '<4>d\ne'].map((text) => Buffer.from(text)),
    );
    await until(() => host.messages.length === 4);
    expect(host.messages).toEqual(['<1>a', '<2>b', '<3>c', '<4>d\ne']);
  });

  it('takes a burst, in few batches', async () => {
    const { address, host } = await start({ udp_port: 0 });
    await sendDatagrams(
      address,
      Array.from({ length: 5_000 }, (_, n) => Buffer.from(`<1>${n}`)),
    );
    await until(() => host.messages.length === 5_000);
    expect(host.messages.length + (host.dropped.get('kernel_buffer') ?? 0)).toBe(5_000);
    expect(host.batches.length).toBeLessThan(5_000);
  });

  it('drops, and counts, what it can not keep while there is no room', async () => {
    const host = new RecordingContext();
    const { address, made } = await start({ udp_port: 0 }, host);
    let letGo = (): void => undefined;
    host.gate = new Promise((resolve) => (letGo = resolve));
    const datagram = Buffer.alloc(60_000, 'x');
    for (let n = 0; n < 400; n += 1) {
      await sendDatagrams(address, [datagram, datagram]);
      await pause(0);
    }
    letGo();
    await made.stop();
    const dropped = [...host.dropped.values()].reduce((sum, count) => sum + count, 0);
    expect(
      [...host.dropped.keys()].every((reason) => ['buffer_full', 'kernel_buffer'].includes(reason)),
    ).toBe(true);
    expect(host.dropped.get('buffer_full')).toBeGreaterThan(0);
    expect(host.messages.length + dropped).toBe(800);
  });
});

describe('a syslog input over TLS', () => {
  let directory: string;
  const file = (name: string): string => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'alluvium-tls-'));
    await makeCertificates(directory);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function send(address: InputAddress, client?: string): Promise<string | undefined> {
    const pair = client && {
      cert: await readFile(file(`${client}.pem`)),
      key: await readFile(file(`${client}.key`)),
    };
    const ca = await readFile(file('ca.pem'));
    const socket = connectTls({ host: HOST, port: address.port, ca, servername: 'localhost', ...pair });
    return new Promise((resolve) => {
      socket.once('error', ({ message }) => resolve(message));
      socket.once('close', () => resolve(undefined));
      socket.resume();
      socket.once('secureConnect', () => {
        // The count and the message apart, as syslog-ng writes them.
        socket.write('4 ');
        socket.end('<1>a');
      });
    });
  }

  it('takes messages of anybody where no client certificate is asked for', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key') };
    const { address, host } = await start({ tls_port: 0, tls });
    expect(await send(address)).toBeUndefined();
    await until(() => host.messages.length === 1);
    expect(host.batches[0]?.peer).toEqual({ address: HOST, transport: 'tls' });
  });

  it('takes those with a certificate only, and tells its name', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key'), ca_file: file('ca.pem') };
    const { address, host } = await start({ tls_port: 0, tls });
    await send(address);
    await send(address, 'stranger');
    expect(await send(address, 'client')).toBeUndefined();
    await until(() => host.messages.length === 1);
    expect([host.messages, host.dropped.get('tls_failed')]).toEqual([['<1>a'], 2]);
    expect(host.batches[0]?.peer).toEqual({ address: HOST, transport: 'tls', certificateName: 'fw-1' });
  });

  it('counts who does not speak TLS', async () => {
    const tls = { cert_file: file('server.pem'), key_file: file('server.key') };
    const { address, host } = await start({ tls_port: 0, tls });
    const socket = await open(address);
    socket.write('<1>plain\n');
    await once(socket, 'close');
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([[], { tls_failed: 1 }]);
  });

  it.each([
    [{ tls_port: 0 }, 'tls'],
    [{}, 'name no port'],
    [{ tls_port: 0, tls: { cert_file: 'a', key_file: 'b', client_certificates: 'required' } }, 'ca_file'],
  ])('needs what it is made of: %j', (options, expected) => {
    const read = input.options.safeParse(options);
    expect(JSON.stringify(read.error?.issues)).toContain(expected);
  });
});

/** An authority, a server's certificate, a client's, and one of a stranger. */
async function makeCertificates(directory: string): Promise<void> {
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', args, { cwd: directory });
  const key = (name: string) => [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
  ];
  await openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '2', '-subj', '/CN=authority');
  await openssl(
    'req',
    '-x509',
    ...key('stranger'),
    '-out',
    'stranger.pem',
    '-days',
    '2',
    '-subj',
    '/CN=fw-1',
  );
  for (const [name, subject, more] of [
    ['server', '/CN=localhost', ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']],
    ['client', '/CN=fw-1', []],
  ] as const) {
    await openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', subject, ...more);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-copy_extensions', 'copy'];
    await openssl('x509', '-req', '-in', `${name}.csr`, ...ca, '-out', `${name}.pem`, '-days', '2');
  }
}
