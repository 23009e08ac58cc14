import { expect, it } from 'vitest';
import { DryRunQueue } from './dry-run-queue.js';

it('runs one after the other, also behind one that failed', async () => {
  const queue = new DryRunQueue();
  const seen: string[] = [];
  const first = queue.run(async () => {
    await new Promise(setImmediate);
    seen.push('first');
    throw new Error('no');
  });
  const second = queue.run(async () => void seen.push('second'));
  await expect(first).rejects.toThrow('no');
  await second;
  expect(seen).toEqual(['first', 'second']);
});

it('sends away who would be the seventeenth, until one has ended', async () => {
  const queue = new DryRunQueue();
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const runs = Array.from({ length: 16 }, () => queue.run(() => gate));
  await expect(queue.run(() => gate)).rejects.toMatchObject({ code: 'too_many_dry_runs', status: 429 });
  open();
  await Promise.all(runs);
  await expect(queue.run(async () => 'free')).resolves.toBe('free');
});
