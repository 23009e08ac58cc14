import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Notification } from '#plugin-kit';
import { Appliance } from './support/start-appliance.js';

let appliance: Appliance;
let server: Server;
let received: { readonly authorization: string | undefined; readonly body: Notification }[];
let status: number;

beforeEach(async () => {
  appliance = await Appliance.prepare();
  [received, status] = [[], 200];
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString()) as Notification;
    received.push({ authorization: request.headers.authorization, body });
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await appliance.dispose();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${appliance.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${appliance.adminKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

const keys = (): readonly string[] => received.map(({ body }) => `${body.status} ${body.key}`);

async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 300 && !isSo(); n += 1) await setTimeout(100);
  expect(isSo()).toBe(true);
}

it('tells of an input that fails, once, though the other side is busy at first, and shows no secret', async () => {
  await mkdir(join(appliance.dataDirectory, 'secrets'));
  await writeFile(join(appliance.dataDirectory, 'secrets', 'token'), 'Bearer planted-secret\n');
  await appliance.restart({ ALLUVIUM_NOTIFY_NETWORKS: '127.0.0.1' });
  const { port } = server.address() as AddressInfo;
  const options = { url: `http://localhost:${port}/hook`, authorization_file: 'token' };
  await call('PUT', 'notifiers/team', { kind: 'webhook', options });
  expect(await call('POST', 'notifiers/team/test')).toEqual({ delivered: true });
  status = 503;
  const taken = { kind: 'syslog', options: { host: '127.0.0.1', tcp_port: port }, sources: [] };
  await call('POST', 'inputs', { name: 'office', ...taken });
  await until(() => keys().includes('raised input_failed/office'));
  status = 200;
  await until(() => received.length >= 3);
  await setTimeout(6_000);
  const [test, first, second, ...more] = received;
  expect([keys()[0], more]).toEqual(['test test', []]);
  expect(second?.body).toEqual(first?.body);
  expect(test?.authorization).toBe('Bearer planted-secret');
  const shown = JSON.stringify(await call('GET', 'notifiers'));
  expect(shown).toContain('input_failed/office');
  expect(shown + appliance.output()).not.toContain('planted-secret');
}, 90_000);

it('reaches no network that is not open, and is kept over a restart', async () => {
  await appliance.restart();
  const { port } = server.address() as AddressInfo;
  const linkLocal = `http://169.254.169.254:${port}/`;
  const refused = await call('PUT', 'notifiers/link', { kind: 'webhook', options: { url: linkLocal } });
  expect(refused).toMatchObject({
    status: 400,
    errors: [{ path: 'options.url', mend: 'Name another address.' }],
  });
  await mkdir(join(appliance.dataDirectory, 'secrets'), { recursive: true });
  await writeFile(join(appliance.dataDirectory, 'secrets', 'link'), linkLocal);
  await call('PUT', 'notifiers/link', { kind: 'webhook', options: { url_file: 'link' } });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433'])
    await call('PUT', `notifiers/n${host.replaceAll(/\W/g, '')}`, {
      kind: 'webhook',
      options: { url: `http://${host}:${port}/` },
    });
  await appliance.restart({ ALLUVIUM_NOTIFY_NETWORKS: '10.0.0.0/8,169.254.0.0/16' });
  const { notifiers } = (await call('GET', 'notifiers')) as { notifiers: readonly { name: string }[] };
  expect(notifiers).toHaveLength(5);
  for (const { name } of notifiers)
    expect(await call('POST', `notifiers/${name}/test`)).toMatchObject({
      delivered: false,
      message: `The address is in a network that ${name === 'link' ? 'no setting opens to notifiers' : 'notifiers may not reach'}.`,
    });
  expect(received).toEqual([]);
}, 60_000);
