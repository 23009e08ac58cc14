import { describe, expect, it } from 'vitest';
import {
  createBlockIdGenerator,
  formatEventId,
  formatTimestamp,
  nthBlockId,
  parseEventId,
  parseTime,
  severityNumber,
} from '#event-model';

describe('block ids', () => {
  it('rise strictly, also within a millisecond and when the clock steps back', () => {
    const clock = [1000, 1000, 999, 1001];
    const next = createBlockIdGenerator(() => clock.shift() ?? 1001);
    const ids = [next(), next(), next(), next()];
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(4);
  });

  it('go on rising past 65,536 ids in one millisecond', () => {
    const next = createBlockIdGenerator(() => 5);
    let last = next();
    for (let i = 0; i < 70_000; i += 1) {
      const id = next();
      expect(id > last).toBe(true);
      last = id;
    }
  });
});

describe('blocks of one request', () => {
  it('have ids that rise from the first and share its time', () => {
    const first = createBlockIdGenerator()();
    const ids = [nthBlockId(first, 0), nthBlockId(first, 1), nthBlockId(first, 65_535)];
    expect(ids[0]).toBe(first);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('event ids', () => {
  it('are read back as they were written, and nothing else is', () => {
    const block = createBlockIdGenerator()();
    expect(parseEventId(formatEventId(block, 17))).toEqual({ block, row: 17 });
    for (const bad of [
      '',
      block,
      `${block}-`,
      `${block}-01`,
      `${block}--1`,
      `${block}-4294967296`,
      `${block.toUpperCase()}G-1`,
    ])
      expect(parseEventId(bad)).toBeUndefined();
  });
});

describe('times of a request', () => {
  const now = () => Date.parse('2026-01-02T03:04:05Z');
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000000Z'],
    ['2026-01-02T03:04:05.123456789+01:00', '2026-01-02T02:04:05.123456789Z'],
    [1767323045, '2026-01-02T03:04:05.000000000Z'],
    ['1767323045.5', '2026-01-02T03:04:05.500000000Z'],
    [1767323045123, '2026-01-02T03:04:05.123000000Z'],
    ['1767323045123456789', '2026-01-02T03:04:05.123456789Z'],
    ['now-15m', '2026-01-02T02:49:05.000000000Z'],
    ['now', '2026-01-02T03:04:05.000000000Z'],
  ])('%s is %s', (input, expected) => {
    const ns = parseTime(input, now);
    expect(ns === undefined ? undefined : formatTimestamp(ns)).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-13-40T00:00:00Z', 'now-5y', '12:00'])('%j is refused', (input) => {
    expect(parseTime(input, now)).toBeUndefined();
  });

  it('before the epoch keep their fraction', () => {
    expect(formatTimestamp(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
  });
});

describe('severity', () => {
  it('ignores spaces around a word, and knows no name that only objects have', () => {
    expect(['  info ', '\tinfo', ' ', 'constructor', '__proto__'].map(severityNumber)).toEqual([
      9, 0, 0, 0, 0,
    ]);
  });

  it('reads the words of the field, letter case ignored', () => {
    expect([severityNumber('Warn'), severityNumber('WARNING'), severityNumber('nonsense')]).toEqual([
      13, 13, 0,
    ]);
  });
});
