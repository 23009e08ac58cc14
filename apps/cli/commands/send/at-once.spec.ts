import { expect, it } from 'vitest';
import { eachAtOnce } from './at-once.js';

async function* upTo(count: number) {
  for (let n = 0; n < count; n += 1) yield n;
}

it('has so many under way, and all in the end', async () => {
  let [running, most] = [0, 0];
  const done: number[] = [];
  await eachAtOnce(upTo(10), 3, async (n) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    done.push(n);
  });
  expect([most, done.length]).toEqual([3, 10]);
});

it('takes nothing more after a failure, which it throws when the others are done', async () => {
  const done: number[] = [];
  let failures = 0;
  const work = async (n: number): Promise<void> => {
    if (n === 1) throw new Error('one');
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.push(n);
  };
  await expect(eachAtOnce(upTo(10), 2, work, () => (failures += 1))).rejects.toThrow('one');
  expect([done, failures]).toEqual([[0], 1]);
});

it('lets what is under way come to its end where nothing more can be had', async () => {
  let done = 0;
  async function* broken() {
    yield 0;
    throw new Error('broken');
  }
  const work = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    done += 1;
  };
  await expect(eachAtOnce(broken(), 2, work)).rejects.toThrow('broken');
  expect(done).toBe(1);
});
