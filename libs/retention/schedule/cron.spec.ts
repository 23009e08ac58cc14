import { expect, it } from 'vitest';
import { cronMistake, lastCron, nextCron } from './cron.js';

const at = (text: string): number => Date.parse(text);
const text = (ms: number): string => new Date(ms).toISOString();

it.each([
  ['0 2 * * *', 'UTC', '2026-11-23T02:00:00.000Z', '2026-11-24T02:00:00.000Z'],
  ['0 5 * * *', '+02:00', '2026-11-23T03:00:00.000Z', '2026-11-24T03:00:00.000Z'],
  ['0 3 * * 0', 'Europe/Berlin', '2026-11-22T02:00:00.000Z', '2026-11-29T02:00:00.000Z'],
  ['0 0 L * *', 'UTC', '2026-10-31T00:00:00.000Z', '2026-11-30T00:00:00.000Z'],
])('%s in %s was at %s, that very moment too, and will be at %s', (cron, zone, last, next) => {
  const now = at('2026-11-23T03:00:00Z');
  expect([text(lastCron({ cron, zone }, now)), text(nextCron({ cron, zone }, now))]).toEqual([last, next]);
});

it.each([
  ['0 3 * *', 'has 4 fields'],
  ['0 0 3 * * *', 'has 6 fields'],
  ['H 3 * * *', 'has H'],
  ['0 25 * * *', 'can not be read'],
  ['0 0 30 2 *', 'can not be read'],
  ['a b c d e', 'can not be read'],
  ['', 'fields'],
])('of "%s" it says: %s', (cron, says) => {
  expect(cronMistake(cron)).toContain(says);
});
