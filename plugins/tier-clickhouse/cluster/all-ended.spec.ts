import { expect, it } from 'vitest';
import { allEnded } from './all-ended.js';

it('fails only when every call has ended', async () => {
  let end = (): void => undefined;
  const slow = new Promise<number>((resolve) => (end = () => resolve(1)));
  let failed = false;
  const all = allEnded([Promise.reject(new Error('out')), slow]);
  const seen = all.catch(() => (failed = true));
  await new Promise(setImmediate);
  expect(failed).toBe(false);
  end();
  await seen;
  await expect(all).rejects.toThrow('out');
});

it('gives the answers in their order', async () => {
  expect(await allEnded([Promise.resolve(1), Promise.resolve(2)])).toEqual([1, 2]);
});
