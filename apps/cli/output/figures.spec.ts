import { describe, expect, it } from 'vitest';
import { showBar, showBytes, showCount, showCounted, showDuration } from './figures.js';

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.50 KiB'],
    [20 * 1_048_576, '20.0 MiB'],
    [300 * 1_048_576, '300 MiB'],
    [2 ** 52, '4096 TiB'],
  ])('%i bytes are %s', (bytes, text) => expect(showBytes(bytes)).toBe(text));

  it.each([
    [-5, '0:00'],
    [7_400, '0:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
  ])('%i ms are %s', (ms, text) => expect(showDuration(ms)).toBe(text));

  it('counts', () => {
    expect([showCount(1_234_567), showCounted(1, 'event'), showCounted(0, 'event')]).toEqual([
      '1,234,567',
      '1 event',
      '0 events',
    ]);
  });

  it.each([
    [0, '[----]'],
    [0.5, '[##--]'],
    [2, '[####]'],
  ])('shows the share %d as %s', (share, bar) => expect(showBar(share, 4)).toBe(bar));
});
