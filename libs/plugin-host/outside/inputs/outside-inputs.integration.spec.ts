import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Input, InputAddress, InputPlugin } from '#plugin-kit';
import { describeInputContract, RecordingContext, sendStream } from '#plugin-kit/testing';
import { runPlugin, type RunningPlugin } from '../running-plugin.js';
import { stagePlugin } from '../stage.js';
import { PluginsFolder } from '../testing/plugin-folder.js';
import { inputFiles, INPUT_BEHAVIOURS } from './testing/input-plugin.js';

const PATIENCE_MS = 20_000;

let folder: PluginsFolder;
let running: RunningPlugin[];
let ends: string[];
beforeEach(async () => {
  folder = await PluginsFolder.make();
  running = [];
  ends = [];
});
afterEach(async () => {
  await Promise.all(running.map((plugin) => plugin.close()));
  await folder.remove();
});

async function load(behaviour: keyof typeof INPUT_BEHAVIOURS): Promise<RunningPlugin> {
  const path = await folder.write('input-lines', inputFiles(INPUT_BEHAVIOURS[behaviour]));
  const staged = await stagePlugin(
    { name: 'input-lines', path, files: await readdir(path) },
    `${folder.path}/staged`,
  );
  if (staged.problems) throw new Error(JSON.stringify(staged.problems));
  const watch = {
    ended: (plugin: string, why: string) => void ends.push(`${plugin}: ${why}`),
    suspended: (plugin: string) => void ends.push(`${plugin} suspended`),
  };
  const started = await runPlugin(staged.value, watch);
  if (started.problems) throw new Error(JSON.stringify(started.problems));
  running.push(started.value);
  return started.value;
}

function inputOf({ input }: RunningPlugin): InputPlugin['input'] {
  if (!input) throw new Error('it brings no input');
  return input.input;
}

interface Started {
  readonly input: Input;
  readonly host: RecordingContext;
  readonly address: InputAddress;
}

async function start(plugin: RunningPlugin): Promise<Started> {
  const host = new RecordingContext();
  const input = inputOf(plugin).create(host.contextFor({ port: 0 }));
  const [address] = await input.start();
  if (!address) throw new Error('it listens nowhere');
  return { input, host, address };
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error('it never came to that');
    await pause(10);
  }
}

describe('an input of an outside plugin', () => {
  it('hands messages over, and is told when they are durable', async () => {
    const { input, host, address } = await start(await load('sound'));
    let open = (): void => undefined;
    host.gate = new Promise((resolve) => (open = resolve));
    const sent = sendStream(address, Buffer.from('one\ntwo\n'));
    await until(() => host.open > 0);
    expect(host.messages).toEqual([]);
    open();
    await sent;
    await input.stop();
    expect(host.messages).toEqual(['one', 'two']);
    expect(host.batches[0]?.peer).toEqual({ address: '127.0.0.1', transport: 'tcp' });
    expect(host.connections).toBe(0);
    expect(ends).toEqual([]);
  });

  it('is checked against what its manifest says of options', async () => {
    const { options } = inputOf(await load('sound'));
    expect(options.safeParse({ port: 1, other: 1 }).success).toBe(false);
    expect(options.safeParse({ port: 0 })).toMatchObject({ success: true, data: { host: '127.0.0.1' } });
  });

  it.each([
    ...(['throws', 'loops', 'leaks', 'exits', 'floods', 'announcesTooMuch', 'tellsNoMessage'] as const),
    ...(['beginsAgain', 'tellsTooMuch'] as const),
  ])('that %s ends alone: its host is told, and starts a new one', async (behaviour) => {
    const plugin = await load(behaviour);
    const { input, host, address } = await start(plugin);
    await sendStream(address, Buffer.from('sound\n'));
    await sendStream(address, Buffer.from('bad\n')).catch(() => undefined);
    await until(() => host.failures.length > 0);
    await input.stop();
    expect(host.failures[0]?.message).toMatch(/^Its process ended: it /);
    expect(host.messages[0]).toBe('sound');
    expect(host.connections).toBe(0);
    expect(ends).toHaveLength(1);

    const again = await start(plugin);
    await sendStream(again.address, Buffer.from('back\n'));
    await again.input.stop();
    expect(again.host.messages).toEqual(['back']);
    expect(plugin.live?.restarts).toBe(1);
  });

  it('that hands over nothing, and that without end, ends alone', async () => {
    const { input, host, address } = await start(await load('floodsEmpty'));
    host.gate = new Promise(() => undefined);
    await sendStream(address, Buffer.from('bad\n')).catch(() => undefined);
    await until(() => host.failures.length > 0);
    await input.stop();
    expect(ends).toEqual([expect.stringContaining('it handed over more than 64 MiB without waiting')]);
  });

  it('closes no more connections than it opened', async () => {
    const { input, host, address } = await start(await load('closesMore'));
    await sendStream(address, Buffer.from('bad\n'));
    await input.stop();
    expect([host.messages, host.connections, ends]).toEqual([['bad'], 0, []]);
  });

  it('may say at length why it failed, of which the beginning is told', async () => {
    const { input, host, address } = await start(await load('failsAtLength'));
    await sendStream(address, Buffer.from('bad\n')).catch(() => undefined);
    await until(() => host.failures.length > 0);
    await input.stop();
    expect(host.failures[0]?.message).toBe('x'.repeat(4_096));
    expect(ends).toEqual([]);
  });

  it('is taken out where it ends again and again, until it is given another chance', async () => {
    const plugin = await load('exits');
    for (let n = 0; n < 3; n += 1) {
      const { input, host, address } = await start(plugin);
      await sendStream(address, Buffer.from('bad\n')).catch(() => undefined);
      await until(() => host.failures.length > 0);
      await input.stop();
    }
    expect(ends.at(-1)).toBe('input-lines suspended');
    await expect(start(plugin)).rejects.toMatchObject({
      code: 'input_start_failed',
      message: expect.stringContaining('taken out: its process ended 3 times'),
    });
    plugin.live?.resume();
    await (await start(plugin)).input.stop();
  });

  it('reads only files that an option names', async () => {
    const { host, address, input } = await start(await load('curious'));
    await sendStream(address, Buffer.from('x\n'));
    await until(() => host.messages.length > 0);
    await input.stop();
    expect(host.messages).toEqual(['No option names the file /etc/passwd. ERR_ACCESS_DENIED']);
  });
});

describe('the contract, through the process', () => {
  let plugin: RunningPlugin;
  beforeEach(async () => {
    plugin = await load('sound');
  });
  const bytesOf = (messages: readonly string[]): Buffer =>
    Buffer.from(messages.map((m) => `${m}\n`).join(''));
  describeInputContract('an outside input', {
    input: {
      get options() {
        return inputOf(plugin).options;
      },
      create: (context) => inputOf(plugin).create(context),
    },
    options: (port) => ({ port }),
    messages: ['one', 'two', 'three'],
    isStream: true,
    sendBytes: sendStream,
    send: (address, messages) => sendStream(address, bytesOf(messages)),
  });
});
