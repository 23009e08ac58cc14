import { describe, expect, it } from 'vitest';
import { createLocalTimeWriter, isZone } from '#plugin-kit';

describe('a zone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['+02:00', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['+25:00', false],
    ['', false],
  ])('%j is one: %j', (zone, expected) => {
    expect(isZone(zone)).toBe(expected);
  });
});

describe('a local time', () => {
  it.each([
    [undefined, '2026-07-01T12:00:00', '2026-07-01T12:00:00Z'],
    ['-05:00', '2026-07-01T12:00:00.5', '2026-07-01T12:00:00.5-05:00'],
    ['Europe/Berlin', '2026-07-01T12:00:00', '2026-07-01T12:00:00+02:00'],
    ['Europe/Berlin', '2026-01-01T12:00:00.123456', '2026-01-01T12:00:00.123456+01:00'],
    ['America/New_York', '2026-12-31T23:59:59', '2026-12-31T23:59:59-05:00'],
    ['Asia/Kathmandu', '2026-12-31T23:59:59', '2026-12-31T23:59:59+05:45'],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00', '2026-01-01T00:00:00+11:00'],
    // Set back at 03:00: shown twice, and the first counts.
    ['Europe/Berlin', '2026-10-25T02:30:00', '2026-10-25T02:30:00+02:00'],
    ['Europe/Berlin', '2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00'],
    ['Europe/Berlin', '2026-10-25T01:59:59', '2026-10-25T01:59:59+02:00'],
    // Set forward at 02:00: never shown.
    ['Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T01:59:59+01:00'],
    ['Europe/Berlin', '2026-03-29T02:30:00', '2026-03-29T02:30:00+01:00'],
    ['Europe/Berlin', '2026-03-29T03:00:00', '2026-03-29T03:00:00+02:00'],
  ])('of %s, %s, is %s', (zone, local, expected) => {
    expect(createLocalTimeWriter(zone)(local)).toBe(expected);
  });

  it('of a zone that is none is an error, and many minutes are no matter', () => {
    expect(() => createLocalTimeWriter('Mars/Olympus')).toThrow(RangeError);
    const write = createLocalTimeWriter('Europe/Berlin');
    for (let n = 0; n < 1_500; n += 1) {
      const local = new Date(Date.UTC(2026, 6, 1) + n * 60_000).toISOString().slice(0, 19);
      expect(write(local)).toBe(`${local}+02:00`);
    }
  });
});
