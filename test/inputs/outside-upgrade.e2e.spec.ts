import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trustPlugin } from '#plugin-host/author';
import { inputFiles } from '#plugin-host/testing';
import { startAppliance, type Appliance } from '../support/start-appliance.js';

const POLL = { timeout: 20_000, interval: 100 };
const NAME = 'input-lines';

let place: string;
let appliance: Appliance | undefined;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'alluvium-upgrade-'));
  await mkdir(join(place, NAME));
});
afterEach(async () => {
  await appliance?.dispose();
  await rm(place, { recursive: true, force: true });
});

/** Writes a version of the plugin and trusts it. @param start what it does to start */
async function bring(version: string, start = 'return [await listener.start()];'): Promise<void> {
  const files = inputFiles('');
  const code = files['index.ts']?.replace(
    'start: async () => [await listener.start()]',
    `start: async () => { ${start} }`,
  );
  const manifest = { ...(JSON.parse(files['manifest.json'] ?? '') as object), version };
  await writeFile(join(place, NAME, 'index.ts'), code ?? '');
  await writeFile(join(place, NAME, 'manifest.json'), JSON.stringify(manifest));
  const trusted = await trustPlugin(join(place, NAME));
  if (trusted.problems) throw new Error(JSON.stringify(trusted.problems));
}

interface Answer {
  readonly state?: string;
  readonly last_error?: { readonly message: string };
  readonly listens?: readonly { readonly port: number }[];
  readonly counters?: { readonly messages: number };
  readonly plugins?: readonly {
    readonly name: string;
    readonly version: string;
    readonly problems: readonly { readonly what: string }[];
  }[];
}

async function ask(path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${appliance?.url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${appliance?.adminKey}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Answer;
}

async function send(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(text);
  await once(socket.resume(), 'close');
}

const plugin = async () => (await ask('/plugins')).plugins?.find(({ name }) => name === NAME);
const taken = async (): Promise<unknown> => (await ask('/inputs/dial')).counters?.messages;

it('an input goes on with the version that works where the next one does not start it', async () => {
  await bring('1.0.0');
  appliance = await startAppliance({ env: { ALLUVIUM_PLUGINS_DIR: place } });
  const made = await ask('/inputs', {
    ...{ name: 'dial', kind: 'lines', options: { port: 0 } },
    sources: [{ networks: ['127.0.0.0/8'], stream: 'dial', parser: 'plain' }],
  });
  const port = made.listens?.[0]?.port ?? 0;
  await send(port, 'one\n');
  await expect.poll(taken, POLL).toBe(1);

  await bring('2.0.0', `throw new Error('oh, this machine');`);
  await expect
    .poll(async () => (await plugin())?.problems[0]?.what, POLL)
    .toBe('its version 2.0.0 did not start the input "dial": oh, this machine');
  expect((await plugin())?.version).toBe('2.0.0');
  await expect.poll(async () => (await ask('/inputs/dial')).state, POLL).toBe('running');
  const goesOn = await ask('/inputs/dial');
  expect(goesOn.last_error?.message).toMatch(/^The version 2\.0\.0 .*oh, this machine.* 1\.0\.0 goes on\.$/);
  await send(goesOn.listens?.[0]?.port ?? 0, 'two\n');
  await expect.poll(taken, POLL).toBe(2);

  await bring('3.0.0');
  await expect.poll(async () => (await plugin())?.version, POLL).toBe('3.0.0');
  await expect.poll(async () => (await ask('/inputs/dial')).last_error, POLL).toBeUndefined();
  const { listens, state } = await ask('/inputs/dial');
  await send(listens?.[0]?.port ?? 0, 'three\n');
  await expect.poll(taken, POLL).toBe(3);
  expect([state, (await plugin())?.problems]).toEqual(['running', []]);
});
