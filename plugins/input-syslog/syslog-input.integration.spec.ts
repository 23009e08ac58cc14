import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { describeInputContract, RecordingContext, sendDatagrams, sendStream } from '#plugin-kit/testing';
import plugin from './index.js';
import { HOST, SyslogRig, until } from './testing/syslog-rig.js';

const { input } = plugin;
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

const rig = new SyslogRig();
afterEach(() => rig.stop());

describe('a syslog input over UDP', () => {
  it('takes a datagram as a message, without its end', async () => {
    const { address, host } = await rig.start({ udp_port: 0 });
    await sendDatagrams(
      address,
      ['<1>a\n', '<2>b\0', '<3>c\r\n', '<4>d\ne'].map((text) => Buffer.from(text)),
    );
    await until(() => host.messages.length === 4);
    expect(host.messages).toEqual(['<1>a', '<2>b', '<3>c', '<4>d\ne']);
  });

  it('takes a burst, in few batches', async () => {
    const { address, host } = await rig.start({ udp_port: 0 });
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
    const { address, made } = await rig.start({ udp_port: 0 }, host);
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
