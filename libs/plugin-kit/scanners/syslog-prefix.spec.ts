import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import { createDeviceTimeScanner, readSyslogPrefix } from '#plugin-kit';

const scanTime = createDeviceTimeScanner({ receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n });
const read = (prefix: string) => readSyslogPrefix(prefix, scanTime);

describe('a syslog header before another text', () => {
  it.each([
    ['', {}],
    ['<14>', { priority: { severity: 6 } }],
    ['Oct 11 22:14:15 fw1 ', { timestamp: '2026-10-11T22:14:15Z', host: 'fw1' }],
    ['<14>Oct 11 22:14:15 fw1 ', { timestamp: '2026-10-11T22:14:15Z', host: 'fw1' }],
    ['<14>Oct 11 22:14:15 fe80::1 ', { host: 'fe80::1', service: undefined }],
    ['<14>Oct 11 22:14:15 ASA ', { host: 'ASA' }],
    [
      'Oct 11 22:14:15 fw1 sensor[7]: ',
      { host: 'fw1', service: 'sensor', attributes: { 'syslog.procid': '7' } },
    ],
    ['<14>Oct 11 22:14:15 sensor: ', { host: undefined, service: 'sensor' }],
    ['<14>2021-06-18T10:55:50Z fw1 ', { timestamp: '2021-06-18T10:55:50Z', host: 'fw1' }],
    [
      '<13>1 2019-01-18T11:07:53.520Z 192.168.1.1 ',
      { timestamp: '2019-01-18T11:07:53.520Z', host: '192.168.1.1' },
    ],
    [
      'Dec 03 2017 16:31:28.861 IST 10.17.4.208 ',
      { timestamp: '2017-12-03T16:31:28.861Z', host: '10.17.4.208' },
    ],
    ['<14>fw1 ', { host: 'fw1' }],
    ['473 <14>Oct 11 22:14:15 fw1 ', { host: 'fw1', priority: { severity: 6 } }],
    [
      '<189>1 2021-06-18T10:55:50.000003Z host app 7 ID [a x="1" x="2"][b] \ufeff',
      {
        timestamp: '2021-06-18T10:55:50.000003Z',
        host: 'host',
        service: 'app',
        attributes: {
          'syslog.priority': 189,
          'syslog.facility': 23,
          'syslog.severity': 5,
          'syslog.version': 1,
          'syslog.procid': '7',
          'syslog.msgid': 'ID',
          'syslog.structured_data.a.x': ['1', '2'],
          'syslog.structured_data.b': {},
        },
      },
    ],
    ['<189>1 - - - - - - ', { timestamp: undefined, host: undefined, service: undefined }],
  ])('%j is read', (prefix, expected) => {
    const found = read(prefix);
    expect(found).toMatchObject(expected);
    expect(found.unread).toBe('');
  });

  it.each([
    ['Syslogdate Sysloghost ', 'Syslogdate Sysloghost'],
    ['fw1 ', 'fw1'],
    ['<132>Aug 14 ', 'Aug 14'],
    ['<14>Oct 11 22:14:15 fw1 what is this ', 'what is this'],
    ['{"a":', '{"a":'],
  ])('%j has text in it that is none', (prefix, rest) => {
    expect(read(prefix).unread).toBe(rest);
  });

  it('says what was assumed of its time', () => {
    expect(read('Oct 11 22:14:15 fw1 ').warnings).toHaveLength(2);
    expect(read('<14>2021-06-18T10:55:50Z fw1 ').warnings).toEqual([]);
  });

  it('is no way to the prototype', () => {
    const { attributes } = read('<14>1 - - - - - [__proto__ polluted="1"] ');
    expect(attributes).toMatchObject({ 'syslog.structured_data.__proto__.polluted': '1' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
