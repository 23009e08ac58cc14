import type { Admin } from 'kafkajs';
import { expect, it } from 'vitest';
import { TopicEnds } from './topic-ends.js';

interface Offset {
  readonly partition: number;
  readonly high: string;
}

/** Brokers whose answers are given by hand. */
class Brokers {
  readonly open: { resolve: (answer: readonly Offset[]) => void; reject: (error: Error) => void }[] = [];

  ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const fetchTopicOffsets = () =>
      new Promise<readonly Offset[]>((resolve, reject) => this.open.push({ resolve, reject }));
    return question({ fetchTopicOffsets } as unknown as Admin);
  }
}

const ends = (high: number) => [{ partition: 0, high: String(high) }];
const soon = () => new Promise((resolve) => setTimeout(resolve));

it('asks once for all who came while an answer was awaited, and never gives them the answer to an earlier question', async () => {
  const brokers = new Brokers();
  const topic = new TopicEnds(brokers, 'events');
  const first = topic.read();
  await soon();
  const later = [topic.read(), topic.read()];
  await soon();
  expect(brokers.open).toHaveLength(1);
  brokers.open[0]!.resolve(ends(3));
  expect((await first).get(0)).toBe(3);
  await soon();
  expect(brokers.open).toHaveLength(2);
  brokers.open[1]!.resolve(ends(5));
  expect((await Promise.all(later)).map((each) => each.get(0))).toEqual([5, 5]);
});

it('asks again after a question that failed', async () => {
  const brokers = new Brokers();
  const topic = new TopicEnds(brokers, 'events');
  const failed = topic.read();
  await soon();
  const second = topic.read();
  brokers.open[0]!.reject(new Error('no broker'));
  await expect(failed).rejects.toThrow('no broker');
  await soon();
  brokers.open[1]!.resolve(ends(1));
  expect((await second).get(0)).toBe(1);
});
