import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Input, InputAddress } from '#plugin-kit';
import { RecordingContext } from '#plugin-kit/testing';
import plugin from '../index.js';

export const HOST = '127.0.0.1';

/** Inputs that a test starts, on loopback; `stop` stops them all. */
export class SyslogRig {
  readonly #running: Input[] = [];

  async start(options: Readonly<Record<string, unknown>>, host = new RecordingContext()) {
    const context = host.contextFor({ host: HOST, ...options });
    const made = plugin.input.create({ ...context, readSecret: (path) => readFile(path) });
    this.#running.push(made);
    const addresses = await made.start();
    return { made, host, address: addresses[0] as InputAddress };
  }

  async stop(): Promise<void> {
    for (const one of this.#running.splice(0)) await one.stop();
  }
}

/** Waits some seconds for something to be so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries += 1) await pause(10);
}

/** Opens a connection. */
export async function open({ port }: Pick<InputAddress, 'port'>): Promise<Socket> {
  const socket = connect(port, HOST);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
