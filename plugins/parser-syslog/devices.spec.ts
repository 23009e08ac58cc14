import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import plugin from './index.js';

const receivedAt = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const parse = (line: string, zone?: string) =>
  plugin.parser.parse([Buffer.from(line)], zone === undefined ? { receivedAt } : { receivedAt, zone })[0];
const eventOf = (line: string, zone?: string): Readonly<Record<string, unknown>> => {
  const parsed = parse(line, zone);
  if (parsed?.kind !== 'event') throw new Error(`refused: ${JSON.stringify(parsed)}`);
  return parsed.event;
};

describe('a line of Cisco', () => {
  const config = { service: '%SYS-5-CONFIG_I', message: 'Configured from console by vty2' };
  const march = (time: string) => ({ ...config, timestamp: `2026-03-01T18:46:11${time}` });
  const SYS = '%SYS-5-CONFIG_I: Configured from console by vty2';

  it.each([
    ['<189>123: *Mar  1 18:46:11.123 UTC: ', { ...march('.123Z'), 'cisco.message_counter': 123 }],
    ['<189>123: *Mar 1 18:46:11.123 UTC: ', march('.123Z')],
    ['<189>29: core-1: .Mar  1 18:46:11.123: ', { ...march('.123Z'), host: 'core-1' }],
    ['<189>29: 192.0.2.7: Mar  1 18:46:11 CET: ', { ...march('+01:00'), host: '192.0.2.7' }],
    ['<189>29: 2001:db8::7: Mar  1 18:46:11: ', { ...march('Z'), host: '2001:db8::7' }],
    [
      '<189>41: 000042: Mar  1 18:46:11: ',
      { ...march('Z'), 'cisco.message_counter': 41, 'cisco.sequence_number': 42 },
    ],
    ['<189>: 2026 Mar  1 18:46:11 UTC: ', march('Z')],
    ['<189>2026 Mar  1 18:46:11 nexus ', { ...march('Z'), host: 'nexus' }],
    ['<189>*Mar  1 2026 18:46:11.5 EST: ', march('.5-05:00')],
    ['<189>Mar  1 18:46:11 core-1: ', { ...march('Z'), host: 'core-1' }],
    ['<189>Mar  1 18:46:11 core-1 ', { ...march('Z'), host: 'core-1' }],
    ['<189>91: *Mar 01 18:46:11: core.example.com ', { ...march('Z'), host: 'core.example.com' }],
    ['<189>', config],
    ['000123: *Mar  1 18:46:11.123: ', { ...march('.123Z'), level: 'notice' }],
    ['*Mar  1 18:46:11.123: ', march('.123Z')],
  ])('that begins with %j', (beginning, expected) => {
    expect(eventOf(beginning + SYS)).toMatchObject({
      ...expected,
      'cisco.facility': 'SYS',
      'cisco.severity': 5,
      'cisco.mnemonic': 'CONFIG_I',
    });
  });

  it.each([
    ['<166>%ASA-6-302013: Built', {}],
    ['<166>Mar 01 2024 18:46:11: %ASA-6-302013: Built', { timestamp: '2024-03-01T18:46:11Z' }],
    ['<166>Mar 01 2024 18:46:11 fw1 : %ASA-6-302013: Built', { host: 'fw1' }],
    ['<166>Mar 01 2024 18:46:11 fw1: %ASA-6-302013: Built', { host: 'fw1' }],
    [
      '<166>2024-03-01T18:46:11Z fw1 : %ASA-6-302013: Built',
      { host: 'fw1', timestamp: '2024-03-01T18:46:11Z' },
    ],
    ['<166>2024-03-01T18:46:11Z: %ASA-6-302013: Built', { timestamp: '2024-03-01T18:46:11Z' }],
    ['<166>:Mar 01 18:46:11 UTC: %ASA-6-302013: Built', { timestamp: '2026-03-01T18:46:11Z' }],
    ['<166>.Apr 15 2007 21:28:13: %ASA-6-302013: Built', { timestamp: '2007-04-15T21:28:13Z' }],
  ])('of a firewall: %s', (line, expected) => {
    expect(eventOf(line)).toMatchObject({
      ...expected,
      service: '%ASA-6-302013',
      message: 'Built',
      'cisco.facility': 'ASA',
      'cisco.mnemonic': '302013',
    });
  });

  it('under IOS XR has its node, its program and its code', () => {
    const line =
      '<189>1234: xr-1 RP/0/RSP0/CPU0:Mar  1 18:46:11.123 : config[65739]: %MGBL-SYS-5-CONFIG_I : Configured';
    expect(eventOf(line)).toMatchObject({
      timestamp: '2026-03-01T18:46:11.123Z',
      ...{ host: 'xr-1', service: 'config', 'syslog.procid': '65739' },
      'cisco.facility': 'MGBL-SYS',
      'cisco.mnemonic': 'CONFIG_I',
    });
  });

  it('behind a relay’s header has the relay’s time and host, and its own code', () => {
    const line =
      '<190>Nov  5 14:01:20 192.0.2.1 87117903: 87117909: Nov  5 14:01:19.115: %FMANFP-6-IPACCESSLOGP: F0: denied';
    expect(eventOf(line)).toMatchObject({
      timestamp: '2026-11-05T14:01:20Z',
      host: '192.0.2.1',
      service: '%FMANFP-6-IPACCESSLOGP',
      message: 'F0: denied',
      'cisco.message_counter': 87_117_903,
      'cisco.sequence_number': 87_117_909,
    });
  });

  it.each([
    ['<188>7: Nov 23 22:23:27.833 NewYork: %SW_MATM-4-MACFLAP_NOTIF: Host', /zone "NewYork"/, '2025-11-23'],
    ['<189>7: 00:00:46: %LINK-3-UPDOWN: Interface', /since the device started/, undefined],
    ['<189>7: 1w2d: %LINK-3-UPDOWN: Interface', /since the device started/, undefined],
  ])('whose time says too little is read in part: %s', (line, warning, day) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: 'event', confidence: 'partial' });
    expect(parsed).toMatchObject({ warnings: expect.arrayContaining([expect.stringMatching(warning)]) });
    expect(String(eventOf(line)['timestamp']).slice(0, 10)).toBe(String(day));
    expect(eventOf(line)['service']).toMatch(/^%/);
  });

  it('of Meraki has seconds since the epoch for its time', () => {
    expect(eventOf('<134>1 1563249630.774247467 MX84 urls src=192.0.2.1:5 request: GET x')).toEqual({
      timestamp: '2019-07-16T04:00:30.774247467Z',
      ...{ level: 'info', service: 'urls', host: 'MX84', message: 'src=192.0.2.1:5 request: GET x' },
      ...{ 'syslog.priority': 134, 'syslog.facility': 16, 'syslog.severity': 6 },
    });
  });
});

describe('a line of a FortiGate', () => {
  const PAIRS =
    'date=2024-03-01 time=18:46:11 devname="FGT-1" devid="FG100" logid="0000000013" type="traffic" level="notice" srcport=4711 msg="a \\"b\\""';

  it.each([
    [`<189>${PAIRS}`, 'notice', '2024-03-01T18:46:11Z'],
    [`<189>${PAIRS} tz="-0500"`, 'notice', '2024-03-01T18:46:11-05:00'],
    [`<189>${PAIRS} eventtime=1709318771123456789 tz="+0100"`, 'notice', '2024-03-01T18:46:11.123456789Z'],
    [`<189>${PAIRS} eventtime=1709318771`, 'notice', '2024-03-01T18:46:11Z'],
    [`<187>Mar  1 18:46:12 relay ${PAIRS}`, 'error', '2024-03-01T18:46:11Z'],
    [`<187>Mar  1 18:46:12 ${PAIRS}`, 'error', '2024-03-01T18:46:11Z'],
    [PAIRS, 'notice', '2024-03-01T18:46:11Z'],
  ])('is read: %s', (line, level, timestamp) => {
    expect(eventOf(line)).toMatchObject({
      ...{ timestamp, level, host: 'FGT-1' },
      message: expect.stringMatching(/^date=2024-03-01 /),
      'fortinet.logid': '0000000013',
      'fortinet.srcport': 4711,
      'fortinet.msg': 'a "b"',
    });
    expect(parse(line)).not.toHaveProperty('confidence');
  });

  it.each([
    ['date=2024-13-01 time=18:46:11 devname="F"', /time of day/],
    ['date=2024-03-01 time=18:46:11 devname="F', /cut/],
    ['date=2024-03-01 time=18:46:11 devname="F" n\u00f6=1 __proto__="x"', /name of a pair/],
  ])('of which a part can not be read is an event: %s', (line, warning) => {
    expect(parse(`<189>${line}`)).toMatchObject({
      ...{ kind: 'event', confidence: 'partial', warnings: [expect.stringMatching(warning)] },
      event: { host: 'F', message: line },
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('is of the zone of its source, and without a name of the device’s id', () => {
    expect(eventOf('<189>date=2024-07-01 time=18:46:11 devid="FG1" a=b', 'Europe/Berlin')).toMatchObject({
      timestamp: '2024-07-01T18:46:11+02:00',
      host: 'FG1',
    });
  });
});

describe('a line of OSSEC', () => {
  it('is read, with an alert in its text', () => {
    const line =
      '<132>Mar 01 18:46:11 ossec-1 ossec: Alert Level: 3; Rule: 5501 - Login session opened.; Location: (web) 192.0.2.5->/var/log/secure;';
    expect(eventOf(line)).toMatchObject({
      timestamp: '2026-03-01T18:46:11Z',
      ...{ host: 'ossec-1', service: 'ossec', level: 'warning' },
      message: expect.stringMatching(/^Alert Level: 3;/),
    });
  });
});

describe('a line of Junos', () => {
  it.each([
    ['<28>Mar  1 18:46:11 srx mgd[123]: UI_COMMIT: x', {}],
    ['<28>Mar  1 18:46:11.123 2026 srx mgd[123]: UI_COMMIT: x', { timestamp: '2026-03-01T18:46:11.123Z' }],
    [
      '<28>1 2026-03-01T18:46:11.123Z srx mgd 123 UI_COMMIT [junos@2636.1.1.1.2.40 u="a"]',
      { 'syslog.msgid': 'UI_COMMIT' },
    ],
  ])('is read: %s', (line, expected) => {
    expect(eventOf(line)).toMatchObject({ host: 'srx', service: 'mgd', 'syslog.procid': '123', ...expected });
  });
});

describe('a line of RFC 5424 without its priority', () => {
  const REST = '2003-10-11T22:14:15.003Z host app - ID47 [e@1 a="b"] text';

  it('is one where version and time, or time and structured data, tell it', () => {
    const expected = {
      timestamp: '2003-10-11T22:14:15.003Z',
      ...{ service: 'app', host: 'host', message: 'text' },
      ...{ 'syslog.msgid': 'ID47', 'syslog.structured_data.e@1.a': 'b' },
    };
    expect(eventOf(REST)).toEqual(expected);
    expect(eventOf(`1 ${REST}`)).toEqual({ ...expected, 'syslog.version': 1 });
    expect(parse('1 2003-10-11T22:14:15.003Z host app')).toMatchObject({
      kind: 'refused',
      reason: 'bad_application',
    });
    expect(eventOf('2003-10-11T22:14:15.003Z host app[7]: - ID47 [e@1')).toMatchObject({
      'syslog.procid': '7',
    });
  });
});

describe('a time without a zone', () => {
  it.each([
    ['<13>Oct 11 22:14:15 host app: x', 'Europe/Berlin', '2026-10-11T22:14:15+02:00'],
    ['<13>Oct 11 22:14:15 UTC host app: x', 'Europe/Berlin', '2026-10-11T22:14:15Z'],
    ['<13>2026-01-11 22:14:15 host app: x', '-03:30', '2026-01-11T22:14:15-03:30'],
    ['<34>1 2026-01-11T22:14:15Z host app - - - x', 'Europe/Berlin', '2026-01-11T22:14:15Z'],
  ])('is of the source’s: %s in %s', (line, zone, timestamp) => {
    expect(eventOf(line, zone)['timestamp']).toBe(timestamp);
  });

  it.each([
    ['Dec 31 23:59:59', '2027-01-01T00:00:01Z', undefined, '2026-12-31T23:59:59Z'],
    ['Dec 31 23:30:00', '2027-01-01T04:40:00Z', 'America/New_York', '2026-12-31T23:30:00-05:00'],
    ['Jan  1 05:00:00', '2026-12-31T20:00:00Z', 'Asia/Tokyo', '2027-01-01T05:00:00+09:00'],
  ])('and a year, %s received at %s in %s', (time, received, zone, timestamp) => {
    const context = { receivedAt: parseTime(received) ?? 0n, ...(zone !== undefined && { zone }) };
    const [parsed] = plugin.parser.parse([Buffer.from(`<13>${time} host app: x`)], context);
    expect(parsed).toMatchObject({ event: { timestamp } });
  });
});

describe('a line with a priority', () => {
  it.each([
    '<13>Oct 32 22:14:15 host app: x',
    '<13>2024-02-30T10:00:00Z host app: x',
    '<13>Foo 11 22:14:15 host x',
  ])('and what means to be a time is read in part: %s', (line) => {
    expect(parse(line)).toMatchObject({
      ...{ kind: 'event', confidence: 'partial', warnings: [expect.stringContaining('none that exists')] },
      event: { message: line.slice(4), 'syslog.priority': 13 },
    });
  });
});
