import { expect, it } from 'vitest';
import { brokersOf } from './cluster-watch.js';

const whole = { replicas: [1, 2, 3], isr: [3, 2, 1] };

it.each([
  ['all there', [1, 2, 3], [whole, whole], { alive: 3, known: 3, partitionsOutOfSync: 0 }],
  ['one dead', [1, 3], [{ ...whole, isr: [1, 3] }, whole], { alive: 2, known: 3, partitionsOutOfSync: 1 }],
  ['none answers', [], [whole], { alive: 0, known: 3, partitionsOutOfSync: 0 }],
  ['one without the topic', [1, 2, 3, 4], [whole], { alive: 4, known: 4, partitionsOutOfSync: 0 }],
])('brokers are counted: %s', (_what, alive, partitions, counts) => {
  expect(brokersOf(alive, partitions)).toEqual(counts);
});
