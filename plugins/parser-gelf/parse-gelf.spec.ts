import { describe, expect, it } from 'vitest';
import plugin from './index.js';

const { parser } = plugin;
const parse = (value: unknown): unknown => {
  const line = typeof value === 'string' ? value : JSON.stringify(value);
  const [answer] = parser.parse([Buffer.from(line)], { receivedAt: 0n });
  if (answer?.kind === 'event')
    return answer.warnings ? [answer.event, answer.confidence, ...answer.warnings] : answer.event;
  return answer?.kind === 'refused' ? answer.reason : answer;
};

describe('a GELF message', () => {
  it('is an event under the names of the field', () => {
    expect(
      parse({
        ...{ version: '1.1', host: 'web-1', short_message: 'down', full_message: 'down\nat x', level: 3 },
        ...{ timestamp: 1_385_053_862.307_2, _user_id: 9001, _ok: true, facility: 'shop', line: 7 },
      }),
    ).toEqual({
      ...{
        message: 'down',
        host: 'web-1',
        full_message: 'down\nat x',
        level: 'error',
        'gelf.version': '1.1',
      },
      ...{ timestamp: '2013-11-21T17:11:02.307200000Z', user_id: 9001, ok: true, facility: 'shop', line: 7 },
    });
  });

  it.each([
    ['1385053862.3072', '2013-11-21T17:11:02.307200000Z'],
    ['1732190400.123456789', '2024-11-21T12:00:00.123456789Z'],
    ['1732190400.1234567899', '2024-11-21T12:00:00.123456789Z'],
    ['1732190400', '2024-11-21T12:00:00.000000000Z'],
    ['0', '1970-01-01T00:00:00.000000000Z'],
    ['1.7e9', '2023-11-14T22:13:20.000000000Z'],
    ['"1732190400.5"', '2024-11-21T12:00:00.500000000Z'],
  ])('has the time %s to the last digit: %s', (sent, timestamp) => {
    expect(parse(`{"short_message":"x","timestamp":${sent}}`)).toEqual({ message: 'x', timestamp });
  });

  it('may have milliseconds where seconds belong', () => {
    expect(parse('{"short_message":"x","timestamp":1732190400123}')).toEqual([
      { message: 'x', timestamp: '2024-11-21T12:00:00.123000000Z' },
      ...['partial', 'timestamp was read as milliseconds'],
    ]);
  });

  it.each(['-1', '"soon"', '99999999999999999', 'true', '{"a":1}', '1e99'])(
    'keeps a timestamp of %s as it is',
    (sent) => {
      expect(parse(`{"short_message":"x","timestamp":${sent}}`)).toEqual([
        { message: 'x', 'gelf.timestamp': sent === '99999999999999999' ? sent : JSON.parse(sent) },
        ...['partial', 'timestamp is no time in seconds since the epoch'],
      ]);
    },
  );

  it.each([
    [0, { level: 'emergency' }],
    [7, { level: 'debug' }],
    ['4', { level: 'warning' }],
    ['warn', { level: 'warn' }],
  ])('has the level %j', (level, expected) => {
    expect(parse({ short_message: 'x', level })).toEqual({ message: 'x', ...expected });
  });

  it.each([8, -1, 3.5, null])('keeps a level of %j as it is', (level) => {
    expect(parse({ short_message: 'x', level })).toEqual([
      { message: 'x', 'gelf.level': level },
      ...['partial', 'level is none of 0 to 7'],
    ]);
  });

  it('needs no host and no version, and takes its text where it is', () => {
    expect(parse({ message: 'hello' })).toEqual({ message: 'hello' });
    expect(parse({ full_message: 'hello' })).toEqual({ message: 'hello' });
    expect(parse({ short_message: 12 })).toEqual({ message: '12' });
  });

  it.each([
    [
      { _service: 'a', _program: 'b' },
      { service: 'a', program: 'b' },
    ],
    [
      { _program: 'b', _container_name: 'c' },
      { service: 'b', program: 'b', container_name: 'c' },
    ],
    [{ _service: 7 }, { service: 7 }],
  ])('is of the program that %j names', (more, expected) => {
    expect(parse({ short_message: 'x', ...more })).toEqual({ message: 'x', ...expected });
  });

  it('keeps additional fields that are named as its own apart', () => {
    const sent = {
      short_message: 'x',
      host: 'h',
      _host: 'other',
      _id: 'i',
      _message: 'm',
      message: 'n',
      id: 3,
      _: 1,
    };
    expect(parse(sent)).toEqual({
      ...{ message: 'x', host: 'h', _host: 'other', _id: 'i', _message: 'm' },
      ...{ 'gelf.message': 'n', 'gelf.id': 3, _: 1 },
    });
  });

  it('keeps numbers that a double does not hold, and the first of equal keys', () => {
    expect(parse('{"short_message":"x","_n":12345678901234567890,"_a":1,"_a":2}')).toEqual({
      ...{ message: 'x', n: '12345678901234567890', a: 1 },
    });
  });

  it('pollutes nothing', () => {
    const event = parse('{"short_message":"x","___proto__":{"polluted":1},"__proto__":{"polluted":1}}');
    expect(Object.keys(event as object)).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['[1]', 'not_object'],
    ['{"short_message":', 'not_json'],
    ['hello', 'not_json'],
    ['{"version":"1.1"}', 'no_message'],
    [`{"short_message":"x","a":${'['.repeat(64)}${']'.repeat(64)}}`, 'too_deep'],
    [`{"short_message":"x","${'k'.repeat(257)}":1}`, 'key_too_long'],
  ])('is %s not: %s', (line, reason) => {
    expect(parse(line)).toBe(reason);
  });

  it.each([
    ['{"version":"1.1","short_message":"x"}', 0.95],
    [' {"short_message":"x"}', 0.95],
    ['{"message":"x"}', 0],
    ['short_message', 0],
    ['', 0],
  ])('is told by its beginning: %j', (line, sure) => {
    expect(parser.sniff(Buffer.from(line))).toBe(sure);
  });
});
