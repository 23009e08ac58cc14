import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { RecordingContext, sendStream } from '#plugin-kit/testing';
import { open, SyslogRig, until } from './testing/syslog-rig.js';

const withCount = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

const rig = new SyslogRig();
afterEach(() => rig.stop());

describe('a syslog input over TCP', () => {
  it('reads on only when what it read is durable', async () => {
    const host = new RecordingContext();
    const { address } = await rig.start({ tcp_port: 0 }, host);
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
    const { address, host } = await rig.start({ tcp_port: 0 });
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
    const { address, host } = await rig.start({ tcp_port: 0 });
    await sendStream(address, Buffer.from('4 <1>a20 <2>b'));
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([['<1>a'], { cut: 1 }]);
  });

  it('takes a message that comes byte by byte', async () => {
    const { address, host } = await rig.start({ tcp_port: 0 });
    const socket = await open(address);
    socket.setNoDelay(true);
    for (const byte of withCount('<1>slow')) {
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
    const { address, host } = await rig.start({ tcp_port: 0 });
    const socket = await open(address);
    socket.write(Buffer.from(bytes, 'latin1'));
    await once(socket, 'close');
    expect([host.messages, Object.fromEntries(host.dropped)]).toEqual([[], { [reason]: 1 }]);
  });

  it('closes idle connections, and those beyond its limits', async () => {
    const { address, host } = await rig.start({
      tcp_port: 0,
      idle_seconds: 1,
      max_connections_per_address: 2,
    });
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
    const { address, host } = await rig.start({ tcp_port: 0 });
    const slow = await Promise.all(Array.from({ length: 200 }, () => open(address)));
    for (const socket of slow) socket.write('<1>never en');
    await sendStream(address, Buffer.from('<1>a\n<2>b\n'));
    expect(host.messages).toEqual(['<1>a', '<2>b']);
    for (const socket of slow) socket.destroy();
  });

  it('cuts what is longer than a message may be, and goes on', async () => {
    const { address, host } = await rig.start({ tcp_port: 0 });
    await sendStream(address, Buffer.from(`<1>${'x'.repeat(100_000)}\n<2>b\n`));
    expect(host.messages.map(({ length }) => length)).toEqual([64 * 1024, 4]);
    expect(host.batches.reduce((sum, { truncated = 0 }) => sum + truncated, 0)).toBe(1);
  });

  it('takes what was sent to it when it stops, and tells the sender', async () => {
    const { made, address, host } = await rig.start({ tcp_port: 0 });
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
