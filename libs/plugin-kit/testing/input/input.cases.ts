import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { InputStartError } from '#plugin-kit';
import { until, withInput, type InputCase } from './contract-case.js';
import { RecordingContext } from './recording-context.js';

/** Milliseconds in which a stop must be over. */
const STOP_MS = 10_000;
/** Milliseconds after which what doesn't come is not expected any more. */
const SILENCE_MS = 150;
/** Milliseconds in which what was sent has come. */
const ON_ITS_WAY_MS = 20;

const HOSTILE: readonly Uint8Array[] = [
  Buffer.from('\0\n\r\n'),
  Buffer.from('99999999999999 <1>'),
  Buffer.from('5 <1'),
  Buffer.from([0x1e, 0x0f]),
  Buffer.from([0x1e, 0x0f, 1, 2, 3, 4, 5, 6, 7, 8, 200, 100, 1]),
  Buffer.from([0x1f, 0x8b, 8, 0]),
  Buffer.from([0x78, 0x9c, 1]),
  Buffer.from([0x16, 3, 1, 2, 0]),
  Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  Uint8Array.from({ length: 1_000 }, (_, n) => (n * 7919) % 256),
];

/** What every input must keep. */
export const INPUT_CASES: readonly InputCase[] = [
  {
    promise: 'start',
    name: 'says where it listens',
    run: (harness) =>
      withInput(harness, async ({ address }) => {
        ok(address.port > 0, 'It names no port.');
        ok(isIP(address.host) !== 0, `It names no address: ${address.host}`);
      }),
  },
  {
    promise: 'start',
    name: 'says that its port is in use, with what mends it, and can be stopped then',
    run: (harness) =>
      withInput(harness, async ({ address }) => {
        const second = harness.input.create(new RecordingContext().contextFor(harness.options(address.port)));
        await rejects(second.start(), (error) => error instanceof InputStartError && error.mend.length > 0);
        await second.stop();
      }),
  },
  {
    promise: 'start',
    name: 'refuses options that its schema does not know',
    run: async (harness) => {
      const options = { ...harness.options(0), no_such_option: 1 };
      strictEqual(harness.input.options.safeParse(options).success, false);
      strictEqual(harness.input.options.safeParse(harness.options(0)).success, true);
    },
  },
  {
    promise: 'deliver',
    name: 'hands over every message once, in order, with its peer',
    run: (harness) =>
      withInput(harness, async ({ host, address }) => {
        await harness.send(address, harness.messages);
        await until(() => host.messages.length >= harness.messages.length, 'Messages are missing.');
        await pause(SILENCE_MS);
        deepStrictEqual(host.messages, harness.messages);
        for (const { peer, format } of host.batches) {
          ok(peer.address.endsWith('127.0.0.1'), `Its peer is ${peer.address}.`);
          ok(format === 'lines' || format === 'ndjson');
        }
      }),
  },
  {
    promise: 'durable',
    name: 'hands over nothing more of a connection before what it handed over is durable',
    run: (harness) =>
      withInput(harness, async ({ host, address }) => {
        let open = (): void => undefined;
        host.gate = new Promise((resolve) => (open = resolve));
        const sent = harness.send(address, harness.messages.slice(0, 1));
        await until(() => host.open > 0, 'Nothing was handed over.');
        const more = harness.send(address, harness.messages.slice(1));
        await pause(SILENCE_MS);
        strictEqual(host.messages.length, 0);
        ok(host.mostOpen <= 2, `It handed over ${host.mostOpen} batches of two connections at once.`);
        open();
        await Promise.all([sent, more]);
        await until(() => host.messages.length === harness.messages.length, 'Messages are missing.');
      }),
  },
  {
    promise: 'stop',
    name: 'is legal before start, twice, and frees the port',
    run: async (harness) => {
      await harness.input.create(new RecordingContext().contextFor(harness.options(0))).stop();
      let port = 0;
      await withInput(harness, async ({ input, address }) => {
        await input.stop();
        await input.stop();
        port = address.port;
      });
      const again = harness.input.create(new RecordingContext().contextFor(harness.options(port)));
      strictEqual((await again.start())[0]?.port, port);
      await again.stop();
    },
  },
  {
    promise: 'stop',
    name: 'hands over what was sent before it, and leaves no connection',
    run: (harness) =>
      withInput(harness, async ({ input, host, address }) => {
        const sent = harness.send(address, harness.messages.slice(0, 1)).catch(() => undefined);
        if (harness.isStream) await until(() => host.connections + host.mostOpen > 0, 'Nobody was let in.');
        else await sent;
        await pause(ON_ITS_WAY_MS);
        const started = Date.now();
        await input.stop();
        ok(Date.now() - started < STOP_MS, 'It took too long.');
        deepStrictEqual(host.messages, harness.messages.slice(0, 1));
        strictEqual(host.connections, 0);
        strictEqual(host.open, 0);
        await sent;
      }),
  },
  {
    promise: 'busy',
    name: 'goes on where there was no room',
    run: (harness) =>
      withInput(harness, async ({ host, address }) => {
        host.busy = true;
        await harness.send(address, harness.messages.slice(0, 1)).catch(() => undefined);
        await until(() => host.mostOpen > 0 && host.open === 0, 'Nothing was handed over.');
        host.busy = false;
        await harness.send(address, harness.messages.slice(1));
        await until(() => host.messages.length > 0, 'It took nothing any more.');
      }),
  },
  {
    promise: 'total',
    name: 'takes any bytes, and the messages after them',
    run: (harness) =>
      withInput(harness, async ({ host, address }) => {
        for (const bytes of HOSTILE) await harness.sendBytes(address, bytes).catch(() => undefined);
        await pause(SILENCE_MS);
        const before = host.messages.length;
        await harness.send(address, harness.messages);
        await until(() => host.messages.length >= before + harness.messages.length, 'Messages are missing.');
        deepStrictEqual(host.messages.slice(-harness.messages.length), harness.messages);
        for (const { messages } of host.batches) ok(messages.length > 0, 'It handed over nothing.');
      }),
  },
];
