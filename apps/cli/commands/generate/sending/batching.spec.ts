import { expect, it } from 'vitest';
import { readCategories } from '../categories/read-categories.js';
import { EventSource, steadyTime } from '../event-source.js';
import { batchSize, makeDeliveries } from './batching.js';

const source = (): EventSource => new EventSource(readCategories(), { seed: '1', clock: steadyTime(0, 1) });

it('puts as many events together as keep the load even and the requests few', () => {
  expect([0.1, 1, 20, 200, 2_000, 20_000, 1e6, undefined].map(batchSize)).toEqual([
    1, 1, 1, 10, 100, 1_000, 1_000, 1_000,
  ]);
});

it('sends all events to one stream, in their order', () => {
  const [delivery, ...others] = makeDeliveries(source(), 50, () => 'all');
  const reference = source();
  const lines = Array.from({ length: 50 }, () => `${reference.next().line}\n`).join('');
  expect(others).toEqual([]);
  expect(delivery).toMatchObject({ stream: 'all', events: 50 });
  expect(delivery?.body.toString()).toBe(lines);
});

it('sends each category to its own stream', () => {
  const deliveries = makeDeliveries(source(), 500, ({ stream }) => stream);
  expect(deliveries.map(({ stream }) => stream).sort()).toEqual(['logins', 'machines', 'payments', 'web']);
  expect(deliveries.reduce((sum, { events }) => sum + events, 0)).toBe(500);
  for (const { body, events } of deliveries) expect(body.toString().split('\n')).toHaveLength(events + 1);
});
