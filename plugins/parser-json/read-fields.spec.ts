import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import plugin from './index.js';

const receivedAt = parseTime('2026-11-21T12:00:00Z') ?? 0n;
const parse = (line: string, zone?: string) =>
  plugin.parser.parse([Buffer.from(line)], zone === undefined ? { receivedAt } : { receivedAt, zone })[0];
const eventOf = (line: string, zone?: string): unknown => {
  const parsed = parse(line, zone);
  return parsed?.kind === 'event' ? parsed.event : parsed;
};

describe('an object goes on as it is where every event type reads it as it is meant', () => {
  it.each([
    '{"timestamp":"2026-03-01T18:46:11.5+01:00","level":"WARN","message":"m","big":18446744073709551615}',
    '{"@timestamp":"2026-03-01 18:46:11","log.level":"warn","trace.id":"x","nested":{"log":{"level":"x"}}}',
    '{"ts":1772387171.123,"msg":"m","severity":"high"}',
    '{"time":1772387171123,"log":"text","host":"h","event":{"kind":"alert"}}',
    '{"level":null,"timestamp":null,"host":{},"levelname":null}',
    '{"level":35,"time":"2026-03-01"}',
    `{"@t":"x",${Array.from({ length: 1_901 }, (_, n) => `"k${n}":1`).join()}}`,
    '{"message":"m","Message":"other","text":"more"}'.replace('"Message":"other","text":"more"', '"n":1'),
  ])('%s', (line) => {
    expect(parse(line)).toEqual({ kind: 'json' });
  });
});

describe('an object of a logger', () => {
  it.each([
    [
      'of Pino',
      '{"level":30,"time":1772387171123,"msg":"m"}',
      { level: 'info', level_value: 30, time: 1772387171123, msg: 'm' },
    ],
    ['of GELF', '{"level":3,"short_message":"m"}', { level: 'error', level_value: 3, message: 'm' }],
    [
      'of Python',
      '{"asctime":"2026-03-01 18:46:11,123","levelname":"INFO"}',
      { timestamp: '2026-03-01T18:46:11.123Z', level: 'INFO' },
    ],
    ['of Python, in numbers', '{"levelno":20,"message":"m"}', { level: 'info', levelno: 20, message: 'm' }],
    [
      'of OpenTelemetry',
      '{"severityNumber":17,"Body":"m"}',
      { level: 'error', severityNumber: 17, message: 'm' },
    ],
    [
      'of Serilog',
      '{"@t":"2026-03-01T18:46:11Z","@l":"Error","@m":"m"}',
      { timestamp: '2026-03-01T18:46:11Z', level: 'Error', message: 'm' },
    ],
    [
      'of journald',
      '{"__REALTIME_TIMESTAMP":"1772387171123456","PRIORITY":"6","MESSAGE":"m","_HOSTNAME":"h","SYSLOG_IDENTIFIER":"s"}',
      { timestamp: '1772387171123456', level: 'info', level_value: 6, message: 'm', host: 'h', service: 's' },
    ],
    [
      'with nested keys of ECS',
      '{"@timestamp":"2026-03-01T18:46:11Z","log":{"level":"warn","origin":{"line":7}},"service":{"name":"s","version":"1"},"host":{"name":"h"}}',
      {
        '@timestamp': '2026-03-01T18:46:11Z',
        'log.level': 'warn',
        'log.origin': { line: 7 },
        'service.name': 's',
        'service.version': '1',
        'host.name': 'h',
      },
    ],
    [
      'whose own key counts first',
      '{"levelname":"INFO","level":"WARN","n":1,"app":"a","service":"s"}',
      'json',
    ],
    [
      'with equal keys',
      '{"ServiceName":"a","ServiceName":"b","n":12345678901234567890}',
      { service: 'a', n: '12345678901234567890' },
    ],
  ])('%s', (_what, line, expected) => {
    expect(eventOf(line)).toEqual(expected === 'json' ? { kind: 'json' } : expected);
  });

  it('has an object stay that would make a key too long', () => {
    const long = 'k'.repeat(253);
    expect(eventOf(`{"@m":"m","log":{"${long}":1}}`)).toEqual({ message: 'm', log: { [long]: 1 } });
  });

  it('pollutes nothing, in nested keys either', () => {
    const line =
      '{"ServiceName":"a","__proto__":{"polluted":1},"log":{"__proto__":{"polluted":1},"level":"x"}}';
    expect(eventOf(line)).toMatchObject({ service: 'a', 'log.__proto__': { polluted: 1 }, 'log.level': 'x' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a time', () => {
  it.each([
    ['2026/03/01 18:46:11', undefined, '2026-03-01T18:46:11Z'],
    ['2026-03-01 18:46:11,5', 'Europe/Berlin', '2026-03-01T18:46:11.5+01:00'],
    ['2026-03-01 18:46:11', 'Europe/Berlin', '2026-03-01T18:46:11+01:00'],
    ['2026-03-01T18:46:11Z', 'Europe/Berlin', '2026-03-01T18:46:11Z'],
    ['Sun, 01 Mar 2026 18:46:11 +0100', undefined, '2026-03-01T18:46:11+01:00'],
    ['Sun, 1 Mar 2026 18:46:11 GMT', 'Europe/Berlin', '2026-03-01T18:46:11Z'],
    ['01/Mar/2026:18:46:11 -0500', undefined, '2026-03-01T18:46:11-05:00'],
    ['01/Mar/2026:18:46:11', 'Europe/Berlin', '2026-03-01T18:46:11+01:00'],
    ['Mar  1 18:46:11', undefined, '2026-03-01T18:46:11Z'],
    ['Sun Mar  1 18:46:11 2026', undefined, '2026-03-01T18:46:11Z'],
  ])('%s in %s is %s', (time, zone, timestamp) => {
    const event = eventOf(JSON.stringify({ time }), zone) as Record<string, unknown>;
    expect(event['timestamp'] ?? time).toBe(timestamp);
  });

  it.each([
    'soon',
    '2026-02-30',
    '32/Mar/2026:18:46:11 +0100',
    'Sun, 01 Foo 2026 18:46:11 GMT',
    'x'.repeat(100),
    {},
  ])('that is none keeps its value, and the line is read in part: %j', (time) => {
    expect(parse(JSON.stringify({ time, message: 'm' }))).toEqual({
      kind: 'event',
      confidence: 'partial',
      event: { 'json.time': time, message: 'm' },
      warnings: [expect.stringContaining('"time" is no time')],
    });
  });

  it('that is there twice counts once', () => {
    expect(parse('{"timestamp":"soon","timestamp":"later","n":1}')).toMatchObject({
      confidence: 'partial',
      event: { 'json.timestamp': 'soon', n: 1 },
    });
    expect(eventOf('{"timestamp":"soon","timestamp":"later","n":1}')).not.toHaveProperty('timestamp');
  });

  it('under a logger’s key that is none is a field like any other', () => {
    expect(parse('{"asctime":"soon"}')).toMatchObject({ event: { asctime: 'soon' } });
  });
});
