import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NotifyError, type Notification } from '#plugin-kit';
import {
  describeNotifierContract,
  NOTIFICATIONS,
  notifierContext,
  type ReceiverAnswer,
} from '#plugin-kit/testing';
import plugin from './index.js';

const STATUS = { takes: 204, busy: 503, refuses: 403 } as const;
const [FIRST] = NOTIFICATIONS as readonly [Notification, ...Notification[]];
const servers: Server[] = [];

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

afterEach(() => Promise.all(servers.splice(0).map(stop)));

describeNotifierContract('notifier-webhook', {
  notifier: plugin.notifier,
  start: async () => {
    const received: Notification[] = [];
    const receiver = { received, answer: 'takes' as ReceiverAnswer };
    const port = await listen(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      received.push(JSON.parse(Buffer.concat(parts).toString()) as Notification);
      if (receiver.answer !== 'silent') response.writeHead(STATUS[receiver.answer]).end();
    });
    const server = servers.at(-1) as Server;
    return Object.assign(receiver, {
      options: { url: `http://localhost:${port}/hook` },
      stop: () => stop(server),
    });
  },
});

/** What a webhook fails with; undefined where it doesn't. */
async function failure(
  options: object,
  some: { readonly secrets?: Readonly<Record<string, string>>; readonly mayReach?: boolean } = {},
): Promise<NotifyError | undefined> {
  const { secrets = {}, mayReach = true } = some;
  const context = notifierContext(options, () => mayReach);
  const readSecret = async (name: string): Promise<string> => secrets[name] ?? '';
  const made = plugin.notifier.create({ ...context, readSecret });
  return made.notify(FIRST, AbortSignal.timeout(3_000)).then(
    () => undefined,
    (error: unknown) => error as NotifyError,
  );
}

describe('a webhook', () => {
  it('posts JSON with the header that a file holds, to the address that a file holds', async () => {
    const seen: unknown[] = [];
    const port = await listen(({ method, url, headers }, response) => {
      seen.push([method, url, headers['content-type'], headers.authorization]);
      response.end();
    });
    const secrets = { to: `http://127.0.0.1:${port}/secret/path?x=1`, token: 'Bearer abc' };
    expect(await failure({ url_file: 'to', authorization_file: 'token' }, { secrets })).toBeUndefined();
    expect(seen).toEqual([['POST', '/secret/path?x=1', 'application/json', 'Bearer abc']]);
  });

  it('does not follow where an answer leads', async () => {
    let asked = 0;
    const port = await listen((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    expect(await failure({ url: `http://127.0.0.1:${port}/` })).toMatchObject({
      ...{ message: 'The other side answered 302.', retryable: false },
    });
    expect(asked).toBe(1);
  });

  it.each([
    [200, undefined],
    [299, undefined],
    [408, true],
    [429, true],
    [500, true],
    [404, false],
    [304, false],
  ])('that answers %d: to be tried again %s', async (status, retryable) => {
    const port = await listen(
      (_request, response) => void response.writeHead(status).end('no '.repeat(10_000)),
    );
    expect((await failure({ url: `http://127.0.0.1:${port}/` }))?.retryable).toBe(retryable);
  });

  it.each([
    'http://127.0.0.1:1/',
    'http://2130706433:1/',
    'http://0x7f.1:1/',
    'http://[::1]:1/',
    'http://localhost:1/',
  ])('at %s is left alone where its network is closed', async (url) => {
    expect(await failure({ url }, { mayReach: false })).toMatchObject({
      ...{ retryable: false, mend: expect.stringContaining('ALLUVIUM_NOTIFY_NETWORKS') },
    });
  });

  it.each(['169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '[::ffff:169.254.169.254]'])(
    'at %s, which no setting opens, is refused with its options, and left alone where a file names it',
    async (host) => {
      const url = `http://${host}:1/`;
      const error = 'is in a network that no setting opens to notifiers';
      expect(plugin.notifier.options.safeParse({ url }).error?.issues).toMatchObject([
        { path: ['url'], message: expect.stringContaining(error), params: { mend: 'Name another address.' } },
      ]);
      const options = { url_file: 'to' };
      expect(await failure(options, { secrets: { to: url }, mayReach: false })).toMatchObject({
        ...{ retryable: false, mend: 'Name another address.' },
        message: 'The address is in a network that no setting opens to notifiers.',
      });
    },
  );

  it('says without its address that nobody is there', async () => {
    const secrets = { to: 'http://127.0.0.1:1/very-secret' };
    const error = await failure({ url_file: 'to' }, { secrets });
    expect([error?.retryable, error?.message]).toEqual([
      true,
      "The other side can't be reached (ECONNREFUSED).",
    ]);
  });

  it.each([
    [{ to: 'ftp://x' }, 'The file of the address holds none of http or https.'],
    [{ to: '' }, 'The file of the address holds none of http or https.'],
    [{ to: 'http://127.0.0.1:1/', token: 'a\nb: c' }, "The other side can't be reached (ERR_INVALID_CHAR)."],
  ])('needs sound secrets: %j', async (secrets, message) => {
    const options = { url_file: 'to', ...('token' in secrets && { authorization_file: 'token' }) };
    expect(await failure(options, { secrets })).toMatchObject({ retryable: false, message });
  });

  it.each([
    {},
    { url: 'http://x/', url_file: 'a' },
    { url: 'file:///etc/passwd' },
    { url: 'http://user:pw@x/' },
    { url: 'x' },
    { url: 'http://x/', headers: {} },
  ])('is not made of %j', (options) => {
    expect(plugin.notifier.options.safeParse(options).success).toBe(false);
  });
});
