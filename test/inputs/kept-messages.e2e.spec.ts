import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pause } from '../support/appliance-process.js';
import { freePort } from '../support/free-port.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { InputClient } from './input-client.js';
import { installLogDaemons, startRsyslog, type LogDaemons, type RunningDaemon } from './log-daemons.js';

const RESTARTS = 2;

let daemons: LogDaemons;
let appliance: Appliance | undefined;
let daemon: RunningDaemon | undefined;

beforeAll(async () => {
  daemons = await installLogDaemons();
});
afterEach(async () => {
  await daemon?.end();
  await appliance?.dispose();
});

async function start(): Promise<{ server: Appliance; client: InputClient; port: number }> {
  const port = await freePort();
  const env = { ALLUVIUM_SYSLOG_TCP_PORT: String(port), ALLUVIUM_SYSLOG_HOST: '127.0.0.1' };
  appliance = await startAppliance({ env });
  return { server: appliance, client: new InputClient(appliance), port };
}

/** Numbers of the messages `n <number>` that are stored, ascending. */
async function storedNumbers(client: InputClient, atLeast: number): Promise<readonly number[]> {
  const events = await client.events('syslog', atLeast);
  return events.map(({ message }) => Number(/n (\d+)$/.exec(String(message))?.[1])).sort((a, b) => a - b);
}

describe('a restart of the server', () => {
  it('loses nothing that rsyslog keeps in its queue', async () => {
    const { server, client, port } = await start();
    const queue =
      'queue.type="LinkedList" queue.filename="alluvium" queue.maxDiskSpace="100m" queue.saveOnShutdown="on"';
    daemon = await startRsyslog(daemons, { action: `port="${port}" protocol="tcp" ${queue}` });
    const lines = 1_200;
    let written = 0;
    const writing = (async () => {
      for (; written < lines; written += 20) {
        await daemon?.write(Array.from({ length: 20 }, (_, n) => `n ${written + n}`));
        await pause(100);
      }
    })();
    await client.events('syslog', 100);
    for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
      await server.stop();
      await pause(500);
      await server.restart();
    }
    await writing;
    const stored = await storedNumbers(client, lines);
    expect([...new Set(stored)]).toEqual(Array.from({ length: lines }, (_, n) => n));
    // rsyslog sends again what it was sending when its connection ended, though it had come.
    expect(stored.length - lines).toBeLessThanOrEqual(RESTARTS);
  });
});

/** Writes numbered messages to a connection for as long as it takes them; answers how many were written. */
async function flood(socket: Socket, from: number): Promise<number> {
  let n = from;
  let isOpen = true;
  socket.on('error', () => undefined).once('close', () => (isOpen = false));
  while (isOpen) {
    const batch = Array.from({ length: 200 }, (_, at) => `<14>Nov 21 08:00:00 web app: n ${n + at}\n`).join(
      '',
    );
    n += 200;
    if (!socket.write(batch)) await Promise.race([once(socket, 'drain').catch(() => undefined), pause(200)]);
  }
  return n;
}

describe('kill -9 under load over TCP', () => {
  it('keeps a beginning of what was written, without a gap, and nothing twice', async () => {
    const { server, client, port } = await start();
    for (let round = 0; round < 3; round += 1) {
      const stream = `round-${round}`;
      await client.ask('PATCH', '/syslog', { sources: [{ networks: ['127.0.0.0/8'], stream }] });
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const flooding = flood(socket, 0);
      await pause(700 + round * 300);
      const durable = (await client.ask('GET', '/syslog')).body.counters.messages;
      // Kills it first, with SIGKILL.
      await server.restart();
      const written = await flooding;
      const stored = await storedIn(client, stream, durable);
      expect(stored.length).toBeGreaterThanOrEqual(durable);
      expect(stored.length).toBeLessThanOrEqual(written);
      expect(stored.every((number, at) => number === at)).toBe(true);
    }
  });
});

/** All stored numbers of a stream, however many, by pages. */
async function storedIn(client: InputClient, stream: string, atLeast: number): Promise<readonly number[]> {
  const messages = await client.allMessages(stream, atLeast);
  return messages.map((message) => Number(/n (\d+)$/.exec(message)?.[1])).sort((a, b) => a - b);
}
