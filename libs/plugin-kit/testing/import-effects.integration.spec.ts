import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { effectsOf } from '#plugin-kit/testing';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

/** What a plugin could do while it is imported, each with what the suite must say of it. */
const EFFECTS: readonly (readonly [string, () => void | Promise<void>])[] = [
  ['a call of setInterval', () => keep(setInterval(() => undefined, 60_000))],
  ['a call of setTimeout', () => keep(setTimeout(() => undefined, 60_000))],
  ['the global "leaked"', leakGlobal],
  ['the environment variable ALLUVIUM_LEAKED', leakVariable],
  ['listeners of the process for "SIGUSR2"', listenToProcess],
  ['open handles of type TCPServerWrap', openServer],
];

describe('effects of an import', () => {
  it.each(EFFECTS)('are told: %s', async (expected, effect) => {
    expect(await effectsOf(async () => effect())).toEqual([expected]);
  });

  it('are none where nothing happened', async () => {
    expect(await effectsOf(async () => import('#plugin-kit'))).toEqual([]);
  });

  it('leave the timers as they were, also when the import fails', async () => {
    const before = setTimeout;
    await expect(effectsOf(async () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(setTimeout).toBe(before);
  });
});

function keep(timer: NodeJS.Timeout): void {
  undo.push(() => clearTimeout(timer));
}

function leakGlobal(): void {
  Object.assign(globalThis, { leaked: 1 });
  undo.push(() => Reflect.deleteProperty(globalThis, 'leaked'));
}

function leakVariable(): void {
  process.env['ALLUVIUM_LEAKED'] = '1';
  undo.push(() => Reflect.deleteProperty(process.env, 'ALLUVIUM_LEAKED'));
}

function listenToProcess(): void {
  const listener = (): void => undefined;
  process.on('SIGUSR2', listener);
  undo.push(() => process.off('SIGUSR2', listener));
}

async function openServer(): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.push(() => server.close());
}
