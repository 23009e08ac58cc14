import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trustPlugin, withdrawTrust } from '#plugin-host/author';
import { enricherFiles, notifierFiles } from '#plugin-host/testing';
import { ApiClient } from '../support/api-client.js';
import { startAppliance, type Appliance } from '../support/start-appliance.js';
import { NumberedLoad } from './numbered-load.js';

const POLL = { timeout: 20_000, interval: 200 };
const RECOVERY_MS = 5_000;
/** Ways in which an enricher fails at the value `harm` (F19). */
const BAD = ['throws', 'loops', 'buffers'] as const;

let place: string;
let appliance: Appliance | undefined;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'alluvium-objects-'));
  for (const folder of ['plugins', 'files', 'secrets']) await mkdir(join(place, folder));
  await writeFile(join(place, 'files/sites'), 'a=north\n');
});
afterEach(async () => {
  await appliance?.dispose();
  await rm(place, { recursive: true, force: true });
});

async function write(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(place, 'plugins', name);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
}

async function bring(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await write(name, files);
  const trusted = await trustPlugin(join(place, 'plugins', name));
  if (trusted.problems) throw new Error(JSON.stringify(trusted.problems));
}

async function start(): Promise<ApiClient> {
  appliance = await startAppliance({
    env: {
      ALLUVIUM_PLUGINS_DIR: join(place, 'plugins'),
      ALLUVIUM_ENRICHMENT_DIR: join(place, 'files'),
      ALLUVIUM_SECRETS_DIR: join(place, 'secrets'),
      ALLUVIUM_NOTIFY_NETWORKS: '127.0.0.0/8',
    },
  });
  return new ApiClient(appliance);
}

type Answer = Readonly<Record<string, unknown>>;

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${appliance?.adminKey}`,
    ...(body && { 'content-type': 'application/json', prefer: 'wait=30' }),
  };
  const text = body && JSON.stringify(body);
  const answer = await fetch(`${appliance?.url}/api/v1${path}`, {
    method,
    headers,
    ...(text !== undefined && { body: text }),
  });
  return (await answer.json()) as Answer;
}

const stateOf = async (name: string): Promise<unknown> => {
  const { plugins } = (await ask('GET', '/plugins')) as { plugins: readonly Answer[] };
  return plugins.find((one) => one['name'] === name)?.['state'];
};

/** What is stored of an event that was sent with a host. */
async function siteOf(stream: string, host: string, id: string): Promise<unknown> {
  expect(await ask('POST', `/streams/${stream}/events`, { message: id, host })).toMatchObject({ stored: 1 });
  const { logs } = (await ask('GET', `/logs?stream=${stream}&search=${id}`)) as { logs: readonly Answer[] };
  expect(logs).toHaveLength(1);
  return (logs[0]?.['attributes'] as Answer | undefined)?.['site'];
}

it('lets enrichers throw, loop and take all memory: events go on without, and nothing is lost (F19)', async () => {
  for (const how of BAD) await bring(`enricher-${how}`, enricherFiles(how, how));
  const api = await start();
  for (const how of BAD)
    expect(
      await ask('PUT', `/enrichments/${how}`, {
        kind: how,
        options: { file: 'sites' },
        field: 'host',
        streams: [how],
      }),
    ).toMatchObject({ state: 'ready', data: { title: 'sites', entries: 1 } });
  expect(await ask('PUT', '/enrichments/x', { kind: 'loops', options: {}, field: 'host' })).toMatchObject({
    ...{ status: 400, code: 'invalid_request' },
  });
  const load = await new NumberedLoad(api, { stream: 'others' }).open();
  await load.send(50);
  for (const how of BAD) {
    expect(await siteOf(how, 'a', `${how}1`)).toBe('north');
    const began = performance.now();
    expect(await siteOf(how, 'harm', `${how}2`)).toBeUndefined();
    await load.send(20);
    let tries = 2;
    await expect.poll(() => siteOf(how, `a`, `${how}${(tries += 1)}`), POLL).toBe('north');
    expect({ how, late: performance.now() - began > 2 * RECOVERY_MS }).toEqual({ how, late: false });
  }
  expect(await load.differences()).toBe('');
  expect(await api.metrics()).toMatch(/alluvium_plugin_ends_total\{plugin="enricher-loops"\} 1/);
});

it('takes enrichers live, replaces them and takes them away without a restart (F17)', async () => {
  await start();
  const made = { kind: 'sites', options: { file: 'sites' }, field: 'host' };
  expect(await ask('PUT', '/enrichments/e', made)).toMatchObject({ code: 'enrichment_kind_unknown' });
  const good = enricherFiles('sites', 'sound');
  await bring('enricher-sites', good);
  await expect.poll(() => stateOf('enricher-sites'), POLL).toBe('loaded');
  expect(await ask('PUT', '/enrichments/e', made)).toMatchObject({ state: 'ready' });
  expect(await siteOf('web', 'a', 'one')).toBe('north');

  await bring('enricher-sites', { 'index.ts': `${good['index.ts']}\nthrow new Error('not this one');\n` });
  const { plugins } = (await ask('POST', '/plugins/reload')) as { plugins: readonly Answer[] };
  expect(JSON.stringify(plugins.find((one) => one['name'] === 'enricher-sites'))).toContain('not this one');
  expect(await siteOf('web', 'a', 'two')).toBe('north');

  await bring('enricher-sites', {
    'index.ts': (good['index.ts'] ?? '').replace("?? '' }", "?? '' + 2 }").replace('[1] ??', "[1] + '2' ??"),
  });
  await ask('POST', '/plugins/reload');
  let tries = 0;
  await expect.poll(() => siteOf('web', 'a', `three${(tries += 1)}`), POLL).toBe('north2');

  await withdrawTrust(join(place, 'plugins/enricher-sites'));
  await expect.poll(() => stateOf('enricher-sites'), POLL).toBe('untrusted');
  expect(await siteOf('web', 'a', 'four')).toBeUndefined();
  expect(await ask('GET', '/enrichments/e')).toMatchObject({ state: 'failed' });
});

it('tells by a notifier from outside, and says how one fails that loops', async () => {
  const received: unknown[] = [];
  const server: Server = createServer(async (request, response) => {
    for await (const part of request) received.push(JSON.parse(String(part)));
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await bring('notifier-pager', notifierFiles('pager', 'sound'));
    await bring('notifier-loops', notifierFiles('loops', 'loops'));
    await start();
    const options = { port: (server.address() as AddressInfo).port };
    for (const kind of ['pager', 'loops'])
      expect(await ask('PUT', `/notifiers/${kind}`, { kind, options })).toMatchObject({ name: kind });
    expect(await ask('PUT', '/notifiers/x', { kind: 'pager', options: { port: 'x' } })).toMatchObject({
      ...{ code: 'invalid_request' },
    });
    expect(await ask('POST', '/notifiers/pager/test')).toEqual({ delivered: true });
    expect(received).toMatchObject([{ status: 'test' }]);
    expect(await ask('POST', '/notifiers/loops/test')).toMatchObject({
      ...{ delivered: false, message: expect.stringMatching(/took longer than|was not done in time/) },
    });
    expect(await ask('POST', '/notifiers/pager/test')).toEqual({ delivered: true });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
