import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import {
  ASSUMED_YEAR,
  ASSUMED_ZONE,
  createDeviceTimeScanner,
  readDeviceTime,
  readPatternedTime,
  scanZone,
} from '#plugin-kit';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };
const scan = createDeviceTimeScanner(CONTEXT);

describe('a time zone', () => {
  it.each([
    ['Z', 'Z'],
    ['UTC', 'Z'],
    ['GMT', 'Z'],
    ['EST', '-05:00'],
    ['CEST', '+02:00'],
    ['+02:00', '+02:00'],
    ['-0730', '-07:30'],
    ['+05', '+05:00'],
    ['GMT+05:00', '+05:00'],
    ['GMT-7', '-07:00'],
    ['UTC+0530', '+05:30'],
    ['IST', undefined],
  ])('%s is %s', (text, offset) => {
    expect(scanZone(`${text} x`)).toEqual({ offset, end: text.length });
    expect(scanZone(`..${text}`, 2)).toEqual({ offset, end: text.length + 2 });
  });

  it.each([
    '',
    'z',
    'FW01',
    'ASA',
    'ESTABLISHED',
    'Est',
    '+24:00',
    '+02:60',
    '+02:00:00',
    'EST5',
    'toString',
  ])('%j is none', (text) => {
    expect(scanZone(text)).toBeUndefined();
  });
});

describe('a time as devices write it', () => {
  it.each([
    ['1700000000', '2023-11-14T22:13:20Z'],
    ['1700000000.25', '2023-11-14T22:13:20.25Z'],
    ['999999999', '2001-09-09T01:46:39Z'],
    ['999999999123', '2001-09-09T01:46:39.123Z'],
    ['1453290121336', '2016-01-20T11:42:01.336Z'],
    ['1616623591694.176', '2021-03-24T22:06:31.694176Z'],
    ['1616623591694.1767894', '2021-03-24T22:06:31.694176789Z'],
    ['1616623591694176', '2021-03-24T22:06:31.694176Z'],
    ['1616623591694176789', '2021-03-24T22:06:31.694176789Z'],
    ['2025-06-29T23:35:00Z', '2025-06-29T23:35:00Z'],
    ['2017-12-03 16:28:20+05:30', '2017-12-03T16:28:20+05:30'],
    ['2017-12-03 16:28:20,123 +0530', '2017-12-03T16:28:20.123+05:30'],
    ['2017-12-03T16:28:20.1234567890Z', '2017-12-03T16:28:20.123456789Z'],
    ['2025/09/17 13:45:34 UTC', '2025-09-17T13:45:34Z'],
    ['Nov 08 2020 12:30:00.111 UTC', '2020-11-08T12:30:00.111Z'],
    ['Jun 23 2020 17:37:24 EST', '2020-06-23T17:37:24-05:00'],
    ['Jun 23 2020 17:37:24.000 GMT+05:00', '2020-06-23T17:37:24.000+05:00'],
    ['Jun  3 2020 17:37:24 Z', '2020-06-03T17:37:24Z'],
    ['Mar 17 2021 12:34:56.987654321 +00:00', '2021-03-17T12:34:56.987654321+00:00'],
    ['Nov 19, 2014 18:21:13 PST', '2014-11-19T18:21:13-08:00'],
    ['Nov 9, 2014 18:21:13 PST', '2014-11-09T18:21:13-08:00'],
    ['Fri Sep 07 14:50:39 GMT 2018', '2018-09-07T14:50:39Z'],
    ['Fri, Sep 07 2018 14:50:39 +02', '2018-09-07T14:50:39+02:00'],
  ])('%s is %s', (text, timestamp) => {
    expect(scan(text)).toEqual({ timestamp, end: text.length, warnings: [] });
    expect(parseTime(timestamp)).toBeDefined();
    expect(readDeviceTime(` ${text} `, scan)?.timestamp).toBe(timestamp);
    expect(readDeviceTime(`${text} x`, scan)).toBeUndefined();
  });

  it.each([
    ['Jun 23 17:37:24.000', '2026-06-23T17:37:24.000Z', [ASSUMED_YEAR, ASSUMED_ZONE]],
    ['Dec 23 17:37:24', '2025-12-23T17:37:24Z', [ASSUMED_YEAR, ASSUMED_ZONE]],
    ['Dec 23 17:37:24 EST', '2025-12-23T17:37:24-05:00', [ASSUMED_YEAR]],
    ['Sep 07 2018 14:50:39', '2018-09-07T14:50:39Z', [ASSUMED_ZONE]],
    ['Nov 19, 2014 18:21:13 IST', '2014-11-19T18:21:13Z', [ASSUMED_ZONE]],
    ['2025/09/17 13:45:34', '2025-09-17T13:45:34Z', [ASSUMED_ZONE]],
    ['2025-09-17T13:45:34.5', '2025-09-17T13:45:34.5Z', [ASSUMED_ZONE]],
  ])('%s is %s, with a warning', (text, timestamp, warnings) => {
    expect(scan(text)).toEqual({ timestamp, end: text.length, warnings });
  });

  it('is in the zone of the context where it has none', () => {
    const inMoscow = createDeviceTimeScanner({ ...CONTEXT, zone: 'Europe/Moscow' });
    expect(inMoscow('Jul 19 2017 10:50:21.127')).toMatchObject({
      timestamp: '2017-07-19T10:50:21.127+03:00',
      warnings: [],
    });
    expect(inMoscow('Jul 19 2017 10:50:21 UTC')?.timestamp).toBe('2017-07-19T10:50:21Z');
    expect(inMoscow('Jul 19 10:50:21')?.warnings).toEqual([ASSUMED_YEAR]);
    expect(readPatternedTime('2017-07-19', 'yyyy-MM-dd', { ...CONTEXT, zone: '+02:00' })).toMatchObject({
      timestamp: '2017-07-19T00:00:00+02:00',
      warnings: [],
    });
  });

  it('ends before what follows it', () => {
    expect(scan('Dec 03 2017 16:31:28.861 IST 10.17.4.208 x')).toMatchObject({ end: 28 });
    expect(scan('Oct 11 22:14:15 ASA x')).toMatchObject({ end: 15 });
    expect(scan('..2025-06-29T23:35:00Z host', 2)).toMatchObject({ end: 22 });
  });

  it.each([
    '',
    '%EVENT_TIME%',
    '12345',
    '20180907145039',
    '1453290121336x',
    '192.168.100.1',
    '2025-09-31 13:45:34',
    '2023-02-29T00:00:00',
    'Feb 30 2024 00:00:00',
    'Feb 29 12:00:00 GMT 2023',
    'Last Thursday',
    '17:37:24',
  ])('%j is none', (text) => {
    expect(scan(text)).toBeUndefined();
  });
});

describe('a time with a pattern', () => {
  it.each([
    ['Apr 13 2015 06:52:00 GMT+00:00', 'MMM dd yyyy HH:mm:ss z', '2015-04-13T06:52:00+00:00'],
    ['2013-01-18T11:07:53.520-0400', "yyyy-MM-dd'T'HH:mm:ss.SSSZ", '2013-01-18T11:07:53.520-04:00'],
    ['2013-01-18T11:07:53Z', "yyyy-MM-dd'T'HH:mm:ssX", '2013-01-18T11:07:53Z'],
    ['18/01/13 11:07:53 PM UTC', 'dd/MM/yy hh:mm:ss a z', '2013-01-18T23:07:53Z'],
    ['1/8/1999 12:07 AM EST', 'M/d/yyyy h:mm a z', '1999-01-08T00:07:00-05:00'],
    ['20130118110753 UTC', 'yyyyMMddHHmmss z', '2013-01-18T11:07:53Z'],
    ['Friday, January 18, 2013 24:07:53 UTC', 'EEEE, MMMM dd, yyyy kk:mm:ss z', '2013-01-18T00:07:53Z'],
    ["18 o'clock UTC 1 2 2013", "HH 'o''clock' z d M yyyy", undefined],
    ["18 o'clock UTC 1 2 2013", "HH 'o'''clock' z d M yyyy", undefined],
    ["18'2013-01-02 UTC", "HH''yyyy-MM-dd z", '2013-01-02T18:00:00Z'],
    ['93-01-02 UTC', 'yy-MM-dd z', '1993-01-02T00:00:00Z'],
  ])('%s by %s is %s', (text, pattern, timestamp) => {
    expect(readPatternedTime(text, pattern, CONTEXT)?.timestamp).toBe(timestamp);
  });

  it('is warned of where zone or year are assumed', () => {
    expect(readPatternedTime('Dec 05 05:26:45', 'MMM dd HH:mm:ss', CONTEXT)).toEqual({
      timestamp: '2025-12-05T05:26:45Z',
      end: 15,
      warnings: [ASSUMED_YEAR, ASSUMED_ZONE],
    });
    expect(readPatternedTime('2013-01-02 IST', 'yyyy-MM-dd z', CONTEXT)).toMatchObject({
      timestamp: '2013-01-02T00:00:00Z',
      warnings: [ASSUMED_ZONE],
    });
  });

  it.each([
    ['2013-13-18', 'yyyy-MM-dd'],
    ['2013-02-29', 'yyyy-MM-dd'],
    ['2013-01-18 x', 'yyyy-MM-dd'],
    ['2013-01', 'yyyy-MM-dd'],
    ['Foo 18 2013', 'MMM dd yyyy'],
    ['11:07:53', 'HH:mm:ss'],
    ['2013-01-18 QST', 'yyyy-MM-dd z'],
    ['2013-01-18 xm', 'yyyy-MM-dd a'],
    ['2013-01-18.', 'yyyy-MM-dd.SSS'],
    ['2013 1', 'yyyy w'],
    ['x', "'"],
    ['2013-01-18', `yyyy-MM-dd${' '.repeat(64)}`],
    ['', ''],
  ])('%s does not fit %s', (text, pattern) => {
    expect(readPatternedTime(text, pattern, CONTEXT)).toBeUndefined();
  });
});
