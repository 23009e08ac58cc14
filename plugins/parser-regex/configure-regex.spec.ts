import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import {
  configureParser,
  neverMine,
  OptionMistakesError,
  type OptionMistake,
  type ParsedLine,
} from '#plugin-kit';
import plugin from './index.js';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };

const make = (options: object) => configureParser(plugin.template ?? never(), options);
function never(): never {
  throw new Error('it has no template');
}
function parse(options: object, line: string | Buffer, zone?: string): ParsedLine {
  const [answer] = make(options).parse(
    [Buffer.from(line)],
    zone === undefined ? CONTEXT : { ...CONTEXT, zone },
  );
  return answer ?? never();
}
function eventOf(options: object, line: string | Buffer): Readonly<Record<string, unknown>> {
  const answer = parse(options, line);
  if (answer.kind !== 'event') throw new Error(JSON.stringify(answer));
  return answer.event;
}
function mistakesOf(options: object): readonly OptionMistake[] {
  try {
    make(options);
  } catch (error) {
    if (error instanceof OptionMistakesError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('a parser of patterns', () => {
  it.each<[string, object, string, unknown]>([
    ['text', {}, '007', '007'],
    ['int', { type: 'int' }, '-07', -7],
    ['int', { type: 'int' }, '-0', 0],
    ['int', { type: 'int' }, '+9007199254740993', '9007199254740993'],
    ['float', { type: 'float' }, '1e3', 1000],
    ['float', { type: 'float' }, '.5', 0.5],
    ['number', { type: 'number' }, '80', 80],
    ['number', { type: 'number' }, '007', '007'],
    ['bool', { type: 'bool' }, 'Yes', true],
    ['bool', { type: 'bool' }, 'off', false],
    ['time', { type: 'time' }, '1700000000.5', '2023-11-14T22:13:20.5Z'],
    ['time', { type: 'time' }, '10/Oct/2000:13:55:36 -0700', '2000-10-10T13:55:36-07:00'],
    ['time', { format: 'yyyyMMdd HHmmss X' }, '20260102 030405 +01', '2026-01-02T03:04:05+01:00'],
    ['time', { format: 'yyyy.MM.dd HH:mm:ss z' }, '2026.01.02 03:04:05 +01:00', '2026-01-02T03:04:05+01:00'],
  ])('reads %s by %j: %s', (_type, field, text, value) => {
    const event = eventOf({ patterns: ['^(?P<x>.*)$'], fields: { x: field } }, text);
    expect(event['x']).toEqual(value);
  });

  it.each([
    ['int', '1.5'],
    ['int', 'x'],
    ['float', '1e999'],
    ['float', 'NaN'],
    ['bool', 'perhaps'],
    ['time', 'soon'],
  ])('keeps what is no %s as text, and says so: %s', (type, text) => {
    expect(parse({ patterns: ['^(?P<x>.*)$'], fields: { x: { type } } }, text)).toEqual({
      kind: 'event',
      event: { 'unread.x': text, message: text },
      confidence: 'partial',
      warnings: [expect.stringContaining(`no ${type}`)],
    });
  });

  it('takes the first pattern that fits, and tells of one that reads in part', () => {
    const patterns = ['^a=(?P<a>\\d+)$', { pattern: '(?P<b>\\d+)', confidence: 'partial' }];
    expect(parse({ patterns }, 'a=1')).toEqual({ kind: 'event', event: { a: '1', message: 'a=1' } });
    expect(parse({ patterns }, 'x 2')).toMatchObject({ event: { b: '2' }, confidence: 'partial' });
    expect(parse({ patterns }, 'x')).toMatchObject({ kind: 'refused', reason: 'no_match' });
  });

  it('has one value of a field of every event, lists of others, and none of what took no part', () => {
    const patterns = ['^(?P<level>\\w+) (?P<l2>\\w+) (?P<a>\\w)(?P<b>\\w)(?P<none>x)?'];
    const fields = { l2: { to: 'level' }, b: { to: 'a' } };
    expect(eventOf({ patterns, fields }, 'WARN ERROR yz')).toEqual({
      ...{ level: 'WARN', 'unread.level': 'ERROR', a: ['y', 'z'], message: 'WARN ERROR yz' },
    });
  });

  it('sets fields that the line does not give, and has zones', () => {
    const options = {
      patterns: [
        '^(?P<timestamp>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d) (?P<msg>.*?)(?: by (?P<service>\\w+))?$',
      ],
      set: { service: 'shop', 'env.name': 'test', n: 1 },
    };
    expect(eventOf(options, '2026-06-01 12:00:00 hi')).toEqual({
      ...{ timestamp: '2026-06-01T12:00:00Z', msg: 'hi', service: 'shop', 'env.name': 'test', n: 1 },
    });
    expect(eventOf(options, '2026-06-01 12:00:00 hi by web')).toMatchObject({ service: 'web' });
    const inZone = (zone: string) => parse({ ...options, zone }, '2026-06-01 12:00:00 hi', 'Asia/Tokyo');
    expect(inZone('Europe/Berlin')).toMatchObject({ event: { timestamp: '2026-06-01T12:00:00+02:00' } });
  });

  it('reads letters of any case where told, and joined lines where it groups them', () => {
    expect(eventOf({ patterns: ['^(?P<a>ERR)'], ignore_case: true }, 'err')).toMatchObject({ a: 'err' });
    const joined = eventOf(
      { patterns: ['^(?P<a>\\w+) (?P<message>.*)$'], multiline: { continues: '^ ' } },
      'x y#012 z',
    );
    expect(joined).toEqual({ a: 'x', message: 'y\n z' });
  });

  it('is asked by auto only where it is told how sure to be', () => {
    expect(make({ patterns: ['a'] }).sniff).toBe(neverMine);
    const { sniff } = make({ patterns: ['^a', 'b$'], auto: 0.7 });
    expect(['a', 'xb', 'x'].map((line) => sniff(Buffer.from(line)))).toEqual([0.7, 0.7, 0]);
  });

  it('refuses lines that would take it too long, and pollutes nothing', () => {
    const long = parse({ patterns: ['(?:a?){900}x'] }, 'a'.repeat(60_000));
    expect(long).toMatchObject({ kind: 'refused', reason: 'line_too_long' });
    const made = eventOf({ patterns: ['(?P<constructor>x)(?P<toString>y)'] }, 'xy');
    expect(made).toMatchObject({ constructor: 'x', toString: 'y' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('options with mistakes', () => {
  it('are answered with all of them, where they are', () => {
    const mistakes = mistakesOf({
      patterns: ['(?P<level>a', { pattern: '(?P<a>x)\\1' }, '(?P<id>\\d+)(?P<level>x)(?P<when>y)(?P<ts>z)'],
      fields: { level: { type: 'int' }, when: { type: 'int', format: 'yyyy' }, ts: { type: 'text' } },
    });
    expect(mistakes).toEqual([
      {
        path: ['patterns', 0],
        message: 'has a group without an end, at character 1',
        mend: expect.any(String),
      },
      {
        path: ['patterns', 1, 'pattern'],
        message: expect.stringContaining('refers back'),
        mend: expect.any(String),
      },
      {
        path: ['patterns', 2],
        message: expect.stringContaining('field "id"'),
        mend: expect.stringContaining('`to`'),
      },
      { path: ['fields', 'level'], message: 'reads level as int; it is text', mend: expect.any(String) },
      { path: ['fields', 'when'], message: 'has a format, and is no time', mend: expect.any(String) },
      {
        path: ['fields', 'ts'],
        message: 'reads ts as text; it is the time of the event',
        mend: expect.any(String),
      },
    ]);
  });

  it('are told of fields of groups that are not there', () => {
    expect(mistakesOf({ patterns: ['(?P<a>x)'], fields: { b: {} } })).toEqual([
      {
        path: ['fields', 'b'],
        message: 'is no group of a pattern',
        mend: expect.stringContaining('(?P<b>…)'),
      },
    ]);
  });

  it('are told of patterns of lines', () => {
    expect(mistakesOf({ patterns: ['a'], multiline: { starts: '(' } })).toMatchObject([
      { path: ['multiline', 'starts'] },
    ]);
  });

  it.each([
    {},
    { patterns: [] },
    { patterns: [''] },
    { patterns: ['a'], colour: 1 },
    { patterns: ['a'], auto: 2 },
    { patterns: ['a'], zone: 'Mars' },
    { patterns: ['a'], multiline: {} },
    { patterns: ['a'], set: { id: 'x' } },
    { patterns: ['(?P<a>a)'], fields: { a: { to: 'parser' } } },
    { patterns: ['(?P<a>a)'], fields: { a: { type: 'date' } } },
    { patterns: Array.from({ length: 21 }, () => 'a') },
  ])('are refused by their schema: %j', (options) => {
    expect(() => make(options)).toThrow();
  });
});
