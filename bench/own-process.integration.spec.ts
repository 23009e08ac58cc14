import { expect, it } from 'vitest';
import { isThere, startBench } from './testing/start-bench.js';

it.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a job in a process of its own ends with its bench at %s', async (signal, code) => {
  const bench = await startBench('wait-for-job.ts');
  const pid = Number(bench.line);
  expect(isThere(pid)).toBe(true);
  expect(await bench.end(signal)).toBe(code);
  expect(isThere(pid)).toBe(false);
});
