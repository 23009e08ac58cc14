import { expect, it } from 'vitest';
import { lastTime, nextTime } from './daily-time.js';

const around = (zone: string, now: string, at = '02:00') => {
  const daily = { at, zone };
  const ms = Date.parse(now);
  return [lastTime(daily, ms), nextTime(daily, ms)].map((time) => new Date(time).toISOString().slice(0, 16));
};

it.each([
  ['UTC', '2026-11-22T01:59:59Z', '2026-11-21T02:00', '2026-11-22T02:00'],
  ['UTC', '2026-11-22T02:00:00Z', '2026-11-22T02:00', '2026-11-23T02:00'],
  ['+05:30', '2026-11-22T00:00:00Z', '2026-11-21T20:30', '2026-11-22T20:30'],
  ['Asia/Tokyo', '2026-11-22T18:00:00Z', '2026-11-22T17:00', '2026-11-23T17:00'],
  ['Pacific/Kiritimati', '2026-11-22T11:59:00Z', '2026-11-21T12:00', '2026-11-22T12:00'],
  // The clock is set ahead from 02:00 to 03:00, and back from 03:00 to 02:00: once a day all the same.
  ['Europe/Berlin', '2026-03-29T00:30:00Z', '2026-03-28T01:00', '2026-03-29T01:00'],
  ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T01:00', '2026-03-30T00:00'],
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T00:00', '2026-10-26T01:00'],
])('02:00 in %s around %s', (zone, now, last, next) => {
  expect(around(zone, now)).toEqual([last, next]);
});
