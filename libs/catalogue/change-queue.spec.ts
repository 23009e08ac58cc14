import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ChangeQueue } from './change-queue.js';

it('does one change after the other, whatever becomes of those before', async () => {
  const queue = new ChangeQueue();
  const seen: string[] = [];
  const change = async (name: string): Promise<string> => {
    seen.push(`${name} begins`);
    await nextTurn();
    seen.push(`${name} ends`);
    if (name === 'b') throw new Error('no');
    return name;
  };
  const all = ['a', 'b', 'c'].map((name) => queue.run(() => change(name)));
  expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});
