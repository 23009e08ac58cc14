import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import {
  createBsdTimeWriter,
  MAX_STRUCTURED_PARAMETERS,
  scanBsdTime,
  scanDateTime,
  scanPriority,
  scanRfc3339,
  scanStructuredData,
  scanSyslogHeader,
} from '#plugin-kit';

describe('a priority', () => {
  it.each([
    ['<0>', { priority: 0, facility: 0, severity: 0, end: 3 }],
    ['<34>x', { priority: 34, facility: 4, severity: 2, end: 4 }],
    ['<191>', { priority: 191, facility: 23, severity: 7, end: 5 }],
  ])('%s is read', (text, expected) => {
    expect(scanPriority(text)).toEqual(expected);
    expect(scanPriority(`__${text}`, 2)).toEqual({ ...expected, end: expected.end + 2 });
  });

  it.each(['', '<', '<>', '<192>', '<00>', '<034>', '<-1>', '<1', ' <1>', '<1 >', '<1000>'])(
    '%j is none',
    (text) => {
      expect(scanPriority(text)).toBeUndefined();
    },
  );
});

describe('a time of RFC 3339', () => {
  it.each([
    '2003-10-11T22:14:15.003Z',
    '2003-08-24T05:14:15.000003-07:00',
    '2018-12-31T23:59:59.999999-23:59',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00.123456789+14:00',
  ])('%s is read to its end, and parseTime knows it', (text) => {
    expect(scanRfc3339(`${text} x`)).toBe(text.length);
    expect(parseTime(text)).toBeDefined();
  });

  it.each([
    '2003-09-31T22:14:16Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2003-13-01T00:00:00Z',
    '2003-09-29T24:00:00Z',
    '2003-09-29T22:09:60Z',
    '2003-09-29T22:09:01.Z',
    '2003-09-29T22:09:01',
    '2003-09-29t22:09:01z',
    '2003-08-24T05:14:15-60:00',
    '203-10-11T22:14:15.003Z',
  ])('%s is none', (text) => {
    expect(scanRfc3339(text)).toBe(-1);
  });
});

describe('a time of RFC 3164', () => {
  const read = (text: string, received: string): string | undefined => {
    const time = scanBsdTime(text);
    return time && createBsdTimeWriter(parseTime(received) ?? 0n)(time);
  };

  it.each([
    ['Oct 11 22:14:15 x', '2026-11-21T12:00:00Z', '2026-10-11T22:14:15Z'],
    ['Oct  9 22:14:15', '2026-11-21T12:00:00Z', '2026-10-09T22:14:15Z'],
    ['Oct 9 22:14:15', '2026-11-21T12:00:00Z', '2026-10-09T22:14:15Z'],
    ['Oct 09 22:14:15.123456', '2026-11-21T12:00:00Z', '2026-10-09T22:14:15.123456Z'],
    ['Mar  1 2019 18:46:11', '2026-11-21T12:00:00Z', '2019-03-01T18:46:11Z'],
    ['Dec 31 23:59:59', '2027-01-01T00:00:01Z', '2026-12-31T23:59:59Z'],
    ['Jan  1 00:00:01', '2026-12-31T23:59:59Z', '2027-01-01T00:00:01Z'],
    ['Nov 22 12:00:00', '2026-11-21T12:00:00Z', '2026-11-22T12:00:00Z'],
    ['Nov 22 12:00:01', '2026-11-21T12:00:00Z', '2025-11-22T12:00:01Z'],
    ['OCT 11 22:14:15', '2026-11-21T12:00:00Z', '2026-10-11T22:14:15Z'],
    ['Oct 11 22:14:15. x', '2026-11-21T12:00:00Z', '2026-10-11T22:14:15Z'],
    ['Oct 11 22:14:15,5 x', '2026-11-21T12:00:00Z', '2026-10-11T22:14:15.5Z'],
    ['Oct 11 22:14:15.12345678901 x', '2026-11-21T12:00:00Z', '2026-10-11T22:14:15.123456789Z'],
    ['2019 Mar  1 18:46:11 x', '2026-11-21T12:00:00Z', '2019-03-01T18:46:11Z'],
    ['Feb 29 12:00:00', '2026-11-21T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['Feb 29 12:00:00', '2028-03-01T12:00:00Z', '2028-02-29T12:00:00Z'],
    ['Feb 29 12:00:00', '1903-03-01T12:00:00Z', '1896-02-29T12:00:00Z'],
  ])('%s received at %s is %s', (text, received, expected) => {
    expect(read(text, received)).toBe(expected);
  });

  it.each([
    'Oct 11 24:14:15',
    'Oct 32 22:14:15',
    'Feb 30 22:14:15',
    'Oct  0 22:14:15',
    'October 1 22:14:15',
    'Foo  1 22:14:15',
    'anF  1 22:14:15',
    'Oct 11 22:14:155',
    'Oct 11 22:14:15:5',
    'Feb 29 2023 12:00:00',
    'Oct 11',
  ])('%s is none', (text) => {
    expect(scanBsdTime(text)).toBeUndefined();
  });

  it.each([
    ['Dec 31 23:30:00', '2027-01-01T04:40:00Z', 'America/New_York', '2026-12-31T23:30:00-05:00'],
    ['Jan  1 05:00:00', '2026-12-31T20:00:00Z', 'Asia/Tokyo', '2027-01-01T05:00:00+09:00'],
    ['Jul  1 05:00:00', '2026-12-31T20:00:00Z', 'Europe/Berlin', '2026-07-01T05:00:00+02:00'],
  ])('%s received at %s in %s is %s', (text, received, zone, expected) => {
    const time = scanBsdTime(text);
    expect(time && createBsdTimeWriter(parseTime(received) ?? 0n, zone)(time)).toBe(expected);
  });

  it('is never more than a day ahead, nor more than a year behind where its day is in every year', () => {
    const dayMs = 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 0, max: 364 * 86_400 }),
        (received, back) => {
          const at = new Date((received - back) * 1000);
          const [, month, day, , clock] =
            /\w+ (\w+) (\d+) (\d+) ([\d:]+)/.exec(
              at
                .toUTCString()
                .replace(',', '')
                .replace(/^(\w+) (\d+) (\w+)/, '$1 $3 $2'),
            ) ?? [];
          if (month === 'Feb' && day === '29') return;
          const text = read(`${month} ${day} ${clock}`, new Date(received * 1000).toISOString());
          const found = Date.parse(text ?? '');
          expect(found).toBeLessThanOrEqual(received * 1000 + dayMs);
          expect(found).toBeGreaterThan(received * 1000 - 366 * dayMs);
        },
      ),
    );
  });
});

describe('a date and a time of day', () => {
  it.each([
    ['2026-11-21T12:00:00Z', { local: '2026-11-21T12:00:00', zone: 'Z' }],
    ['2026-11-21 12:00:00,123', { local: '2026-11-21T12:00:00.123' }],
    ['2026-11-21t12:00:00.123456789123z', { local: '2026-11-21T12:00:00.123456789', zone: 'Z' }],
    ['2026/11/21 12:00:00 -0500', { local: '2026-11-21T12:00:00', zone: '-05:00' }],
    ['2026:11:21-12:00:00', { local: '2026-11-21T12:00:00' }],
    ['2026-11-21 12:00:00+02:00', { local: '2026-11-21T12:00:00', zone: '+02:00' }],
    ['2026-11-21 12:00:00', { local: '2026-11-21T12:00:00' }],
  ])('%s is read to its end', (text, expected) => {
    expect(scanDateTime(`${text} x`)).toEqual({ ...expected, end: text.length });
  });

  it.each(['2026-11-31 12:00:00', '2026-11-21', '2026-11-21 24:00:00', '2026-11-21 12:00:00:1', 'x'])(
    '%s is none',
    (text) => {
      expect(scanDateTime(text)).toBeUndefined();
    },
  );
});

describe('structured data', () => {
  it('is read with its escapes undone, and no further than it goes', () => {
    expect(scanStructuredData('[a@1 x="1" y="\\"\\\\\\]\\n"][b] message')).toEqual({
      elements: [
        {
          id: 'a@1',
          parameters: [
            ['x', '1'],
            ['y', '"\\]\\n'],
          ],
        },
        { id: 'b', parameters: [] },
      ],
      end: 27,
    });
    expect(scanStructuredData('- message')).toEqual({ elements: [], end: 1 });
    expect(scanStructuredData('[a x= "1" y="2"]')?.elements[0]?.parameters).toEqual([
      ['x', '1'],
      ['y', '2'],
    ]);
    expect(scanStructuredData('[a x="ünï"]')?.elements[0]?.parameters).toEqual([['x', 'ünï']]);
  });

  it.each([
    '',
    'x',
    '[]',
    '[ a]',
    '[a',
    '[a x]',
    '[a x=1]',
    '[a x="]"]',
    '[a x="1]',
    '[a x="a\\"]',
    '[a x="""]',
    '[a][a]',
    `[${'i'.repeat(33)}]`,
    '[ü]',
    `[a ${'n'.repeat(33)}="1"]`,
  ])('%s is none', (text) => {
    expect(scanStructuredData(text)).toBeUndefined();
  });

  it('has an end to its parameters', () => {
    const of = (count: number): string =>
      `[a${Array.from({ length: count }, (_, n) => ` p${n}=""`).join('')}]`;
    expect(scanStructuredData(of(MAX_STRUCTURED_PARAMETERS - 1))?.elements[0]?.parameters).toHaveLength(
      MAX_STRUCTURED_PARAMETERS - 1,
    );
    expect(scanStructuredData(of(MAX_STRUCTURED_PARAMETERS + 1))).toBeUndefined();
  });
});

describe('a header of RFC 5424', () => {
  it('is read up to the structured data', () => {
    expect(scanSyslogHeader('<34>1 2003-10-11T22:14:15.003Z host app 7 ID47 - x', 4)).toEqual({
      version: 1,
      timestamp: '2003-10-11T22:14:15.003Z',
      host: 'host',
      application: 'app',
      procid: '7',
      msgid: 'ID47',
      end: 47,
    });
    expect(scanSyslogHeader('999 - - - - - -', 0)).toMatchObject({ version: 999, end: 14 });
  });

  it.each([
    ['0 - - - - - ', 'version'],
    ['1000 - - - - - ', 'version'],
    ['1 x - - - - ', 'timestamp'],
    ['1 -- - - - - ', 'timestamp'],
    [`1 - ${'h'.repeat(256)} - - - `, 'host'],
    ['1 -  - - - ', 'host'],
    ['1 - hö - - - ', 'host'],
    [`1 - - ${'a'.repeat(49)} - - `, 'application'],
    [`1 - - - ${'p'.repeat(129)} - `, 'procid'],
    [`1 - - - - ${'m'.repeat(33)} `, 'msgid'],
    ['1 - - - - -', 'msgid'],
  ])('%j is none for its %s', (text, part) => {
    expect(scanSyslogHeader(text, 0)).toBe(part);
  });
});
