import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import { parseLogfmt } from './parse-logfmt.js';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };

function parse(line: string | Uint8Array): ParsedLine {
  const [answer] = parseLogfmt([Buffer.from(line)], CONTEXT);
  if (!answer) throw new Error('no answer');
  return answer;
}

function eventOf(line: string | Uint8Array): Record<string, unknown> {
  const answer = parse(line);
  if (answer.kind !== 'event') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.event;
}

describe('a line of logfmt', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a=1', { a: 1 }],
    ['a=1 b=two c="three four" d', { a: 1, b: 'two', c: 'three four', d: true }],
    ['m="it \\"works\\"\\n" e= q=""', { m: 'it "works"\n', e: '', q: '' }],
    ['a=0 b=-7 c=3.14 d=true e=false', { a: 0, b: -7, c: 3.14, d: true, e: false }],
    [
      'a=007 b=1.0 c=1e3 d=+5 e=33411452762204224 f=null',
      { a: '007', b: '1.0', c: '1e3', d: '+5', e: '33411452762204224', f: 'null' },
    ],
    ['a="7" b="true"', { a: '7', b: 'true' }],
    ['level=30 msg=5 host=true', { level: '30', msg: '5', host: 'true' }],
    ['a=1 a=2 a=1', { a: [1, 2] }],
    ['level=info level=error host', { level: 'info', 'logfmt.level': 'error', 'logfmt.host': true }],
    ['id=42 event_type=login', { 'logfmt.id': 42, event_type: 'login' }],
    [
      'url=https://x/?a=b app.kubernetes.io/name=x @x=1 größe=2',
      { url: 'https://x/?a=b', 'app.kubernetes.io/name': 'x', '@x': 1, größe: 2 },
    ],
    [
      '__proto__=1 constructor=2',
      Object.fromEntries([
        ['__proto__', 1],
        ['constructor', 2],
      ]),
    ],
  ])('%s is read in full', (line, expected) => {
    const answer = parse(line);
    expect(answer).toEqual({ kind: 'event', event: expected });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.parse(JSON.stringify(eventOf(line)))).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    [
      '2026/11/20 12:00:02 starting the server port=8080',
      { port: 8080, message: '2026/11/20 12:00:02 starting the server' },
    ],
    ['user logged in a=1 msg=ok', { a: 1, msg: 'ok user logged in' }],
    ['GET /x?a=b status=200 "quoted"', { status: 200, GET: true, message: '/x?a=b "quoted"' }],
    ['a=1 msg="cut off', { a: 1, msg: 'cut off' }],
    [`a=1 ${'k'.repeat(81)}=2`, { a: 1, message: `${'k'.repeat(81)}=2` }],
  ])('%s is read in part', (line, expected) => {
    const answer = parse(line);
    expect(answer).toMatchObject({ confidence: 'partial', warnings: [expect.any(String)] });
    expect(eventOf(line)).toEqual(expected);
  });

  it.each([
    ['ts=2026-11-20T12:00:00.5+01:00', { ts: '2026-11-20T12:00:00.5+01:00' }],
    ['ts=1700000000.5 time=x', { ts: '2023-11-14T22:13:20.5Z', time: 'x' }],
    ['time=1700000000123', { time: '2023-11-14T22:13:20.123Z' }],
    ['time="2026/11/20 12:00:02 UTC"', { time: '2026-11-20T12:00:02Z' }],
    ['time=12ms a=1', { 'logfmt.time': '12ms', a: 1 }],
    ['timestamp=soon ts=1700000000', { 'logfmt.timestamp': 'soon', ts: '2023-11-14T22:13:20Z' }],
    ['ts', {}],
  ])('%s has its time', (line, expected) => {
    expect(parse(`${line} z=1`)).not.toHaveProperty('warnings');
    expect(eventOf(`${line} z=1`)).toMatchObject(expected);
  });

  it('is warned of a zone that was assumed', () => {
    expect(parse('ts="2026-11-20 12:00:00"')).toEqual({
      kind: 'event',
      event: { ts: '2026-11-20T12:00:00Z' },
      warnings: [expect.stringContaining('no zone')],
    });
  });

  it.each(['no members at all', '=1', '"a"="b"', '{"a":1}', 'a'])('%s is refused', (line) => {
    expect(parse(line)).toMatchObject({ kind: 'refused', reason: 'not_logfmt' });
  });

  it('comes back from what was written, whatever the values are', () => {
    const key = fc.stringMatching(/^x[a-z_.]{0,8}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { minLength: 1 }),
        fc.array(fc.string({ unit: 'grapheme' })),
        (keys, values) => {
          const members = keys.map((name, at) => [name, values[at] ?? ''] as const);
          const line = members.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
          expect(eventOf(line)).toEqual(Object.fromEntries(members));
        },
      ),
    );
  });
});

describe('hostile bytes', () => {
  it('are read with replacements where they are no UTF-8, and NUL parts members', () => {
    expect(eventOf(Buffer.from('a=caf\u00e9 b="x\u0000y"\u0000c=1', 'latin1'))).toEqual({
      a: 'caf\ufffd',
      b: 'x\u0000y',
      c: 1,
    });
  });

  it.each(['a', ' ', '=', '"', '\\', '\\"', 'a=', 'a= ', 'a=" ', 'k=v ', '="', 'a ', '\t', 'a=1 b '])(
    'are read at once: a megabyte of %j',
    (piece) => {
      // The square of a megabyte would not end before the test's own time does.
      for (const head of ['', 'a=1 ', 'a="'])
        expect(() => parse(Buffer.from(head + piece.repeat(1_000_000 / piece.length)))).not.toThrow();
    },
  );

  it('have an end to their members', () => {
    const many = Array.from({ length: 3_000 }, (_, n) => `k${n}=v`).join(' ');
    expect(Object.keys(eventOf(many)).length).toBeLessThanOrEqual(2_000);
    expect(parse(many)).toMatchObject({ confidence: 'partial' });
  });

  it('cut anywhere are answered', () => {
    const whole = 'ts=1700000000 level=info msg="it \\"works\\"" flag a.b=1';
    for (let end = 0; end <= whole.length; end += 1) expect(() => parse(whole.slice(0, end))).not.toThrow();
  });
});
