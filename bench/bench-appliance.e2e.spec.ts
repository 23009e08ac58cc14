import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isThere, startBench } from './testing/start-bench.js';

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)(
  'the appliance of a bench ends with it at %s, and leaves nothing behind',
  async (signal, code) => {
    const bench = await startBench('wait-with-server.ts');
    const { pid, directories } = JSON.parse(bench.line) as { pid: number; directories: readonly string[] };
    expect([isThere(pid), ...directories.map(existsSync)]).toEqual([true, true, true]);
    expect(await bench.end(signal)).toBe(code);
    expect([isThere(pid), ...directories.map(existsSync)]).toEqual([false, false, false]);
  },
);
