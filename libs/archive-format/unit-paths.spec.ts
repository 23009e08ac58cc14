import { expect, it } from 'vitest';
import { isDay, manifestKey, partKey, unitFolder } from './unit-paths.js';

const PLACE = { tenant: 'acme', stream: 'web_logs', day: 20_261_103 };
const SUM = 'ab'.repeat(32);

it('puts a unit where tools look for it, under names by its content', () => {
  const folder = 'tenant=acme/stream=web_logs/year=2026/month=11/day=03/';
  expect(unitFolder(PLACE)).toBe(folder);
  expect(partKey(PLACE, SUM)).toBe(`${folder}part-${SUM}.parquet`);
  expect(manifestKey({ ...PLACE, generation: 2 }, SUM)).toBe(`${folder}_manifest-g2-${SUM}.json`);
});

it.each([
  { tenant: '..' },
  { tenant: 'a/b' },
  { tenant: 'A' },
  { stream: '' },
  { stream: '%2e%2e' },
  { stream: 'a\0' },
  { day: 20_261_131 },
  { day: 2026 },
  { day: Number.NaN },
])('makes no path of %j', (wrong) => {
  expect(() => partKey({ ...PLACE, ...wrong }, SUM)).toThrow('no place of an archive');
});

it('makes no path of what is no sum', () => {
  for (const sum of ['', '../x', SUM.toUpperCase(), `${SUM}0`])
    expect(() => partKey(PLACE, sum)).toThrow('64 lower-case hex digits');
});

it('knows the calendar', () => {
  expect([20_240_229, 20_230_229, 20_261_301, 19_800_101].map(isDay)).toEqual([true, false, false, true]);
});
