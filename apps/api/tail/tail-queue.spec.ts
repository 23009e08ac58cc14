import { expect, it } from 'vitest';
import { Problem } from '../problems/problem.js';
import { PORTION_BYTES, TailPortion } from './tail-portion.js';
import { TailQueue, type TailMessage } from './tail-queue.js';

const portion = (count: number, bytes = PORTION_BYTES): TailPortion =>
  new TailPortion(Buffer.alloc(bytes), count);
const shortOf = (message: TailMessage): string => {
  if (message.kind === 'events') return `${message.portion.count} events`;
  return message.kind === 'dropped' ? `${message.count} dropped` : message.kind;
};

async function readAll(queue: TailQueue): Promise<string[]> {
  const told: string[] = [];
  for await (const message of queue.messages()) told.push(shortOf(message));
  return told;
}

it('gives what it has room for, and tells what it left out where it was left out', async () => {
  const queue = new TailQueue(2 * PORTION_BYTES);
  expect([queue.offer(portion(1)), queue.isFull, queue.offer(portion(2)), queue.isFull]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect([queue.offer(portion(4)), queue.offer(portion(8))]).toEqual([false, false]);
  queue.drop(16);
  const messages = queue.messages();
  expect(shortOf((await messages.next()).value)).toBe('1 events');
  queue.offer(portion(32));
  queue.end();
  const rest: string[] = [];
  for await (const message of messages) rest.push(shortOf(message));
  expect(rest).toEqual(['2 events', '28 dropped', '32 events']);
});

it('takes a portion that is larger than all its room when it is empty', async () => {
  const queue = new TailQueue(10);
  expect([queue.offer(portion(1)), queue.offer(portion(2))]).toEqual([true, false]);
  queue.end();
  expect(await readAll(queue)).toEqual(['1 events', '2 dropped']);
});

it('wakes its reader for events, for those left out, for a heartbeat and for the end', async () => {
  const queue = new TailQueue(PORTION_BYTES);
  const reading = readAll(queue);
  const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
  await later();
  queue.offer(portion(1));
  await later();
  queue.drop(3);
  queue.drop(0);
  await later();
  queue.beat();
  queue.beat();
  await later();
  queue.end(new Problem('unauthenticated', 'The key was revoked.'));
  queue.end();
  queue.drop(5);
  queue.offer(portion(1));
  expect(await reading).toEqual(['1 events', '3 dropped', 'heartbeat', 'problem']);
});
