import { expect, it } from 'vitest';
import { parseCategories } from '../categories/parse-categories.js';
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

it('sends large events in more requests, so that none is too large for the server', () => {
  const text = `categories: { big: { fields: { n: { sequence: {} }, blob: '${'x'.repeat(300_000)}' } } }`;
  const big = new EventSource(parseCategories(text, 'big'), { seed: '1', clock: steadyTime(0, 1) });
  const deliveries = makeDeliveries(big, 10, () => 'big');
  expect(deliveries.map(({ events }) => events)).toEqual([4, 4, 2]);
  const numbers = deliveries.flatMap(({ body }) =>
    body
      .toString()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly n: number }).n),
  );
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
