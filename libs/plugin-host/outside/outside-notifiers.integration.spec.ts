import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotifyError, type Notification, type Notifier } from '#plugin-kit';
import { NOTIFICATIONS } from '#plugin-kit/testing';
import { notifierFiles, type NotifierBehaviour } from './testing/object-plugins.js';
import { OutsideScene } from './testing/outside-scene.js';

const [FIRST] = NOTIFICATIONS as readonly [Notification, ...Notification[]];

let scene: OutsideScene;
let server: Server;
let status: number;
const received: unknown[] = [];
const made: Notifier[] = [];

beforeEach(async () => {
  scene = await OutsideScene.make();
  received.length = 0;
  status = 204;
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    received.push([request.url, JSON.parse(Buffer.concat(parts).toString())]);
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((one) => one.close()));
  await scene.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function load(behaviour: NotifierBehaviour, mayReach = true): Promise<Notifier> {
  await scene.loadFiles('notifier-pager', notifierFiles('pager', behaviour));
  const plugin = scene.notifiers.get('pager');
  if (!plugin) throw new Error('there is no such notifier');
  const notifier = plugin.notifier.create({
    options: { port: (server.address() as AddressInfo).port, path_file: 'path' },
    mayReach: () => mayReach,
    readSecret: async (name) => `/secret-${name}`,
  });
  made.push(notifier);
  return notifier;
}

const tell = async (notifier: Notifier, ms = 8_000): Promise<NotifyError | undefined> =>
  notifier.notify(FIRST, AbortSignal.timeout(ms)).then(
    () => undefined,
    (error: unknown) => error as NotifyError,
  );

describe('an outside notifier', () => {
  it('tells from a process of its own, with a secret that the server reads', async () => {
    const notifier = await load('sound');
    expect([await tell(notifier), await tell(notifier)]).toEqual([undefined, undefined]);
    expect(received).toEqual([
      ['/secret-path', FIRST],
      ['/secret-path', FIRST],
    ]);
    expect(scene.entry('notifier-pager')).toMatchObject({ kind: 'notifier', state: 'loaded', restarts: 0 });
  });

  it('asks whom it may reach, and says what the other side answered, which is no fault of its own', async () => {
    expect(await tell(await load('sound', false))).toMatchObject({
      ...{ message: 'It may not be reached.', retryable: false },
    });
    status = 500;
    const notifier = await load('sound');
    for (let n = 0; n < 21; n += 1)
      expect(await tell(notifier)).toMatchObject({ message: 'It answered 500.', retryable: true });
    expect(await tell(await load('refuses'))).toMatchObject({ retryable: false, mend: 'Ask them.' });
    expect(scene.entry('notifier-pager')?.state).toBe('loaded');
  });

  it('that throws is to be tried again, and what it threw is told to the log alone', async () => {
    const error = await tell(await load('throws'));
    expect(error).toBeInstanceOf(NotifyError);
    expect(error).toMatchObject({ message: 'The notifier failed.', retryable: true });
    expect(error?.cause).toMatchObject({ message: 'with a secret in it' });
  });

  it('that waits for the other side gives up by the signal that it gets', async () => {
    expect(await tell(await load('waits'))).toMatchObject({
      message: 'The notifier failed.',
      retryable: true,
    });
    expect(scene.ends).toEqual([]);
  });

  it.each(['loops', 'buffers', 'hangs', 'dies'] as const)(
    'that %s is ended, started again with the next notification, and taken out at last',
    async (how) => {
      const notifier = await load(how);
      for (let n = 0; n < 3; n += 1) expect(await tell(notifier)).toMatchObject({ retryable: true });
      expect(scene.entry('notifier-pager')).toMatchObject({ state: 'suspended', restarts: 2 });
      const ended = scene.ends.length;
      expect((await tell(notifier))?.message).toMatch(/it is suspended/);
      expect(scene.ends).toHaveLength(ended);
    },
    30_000,
  );

  it('ends what it is at when it is closed, or has no more time', async () => {
    const notifier = await load('loops');
    expect(await tell(notifier, 400)).toMatchObject({ retryable: true });
    const telling = tell(notifier);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await notifier.close();
    await notifier.close();
    expect(await telling).toBeInstanceOf(NotifyError);
    expect(scene.ends).toEqual([]);
  });
});
