import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import { parseLeef } from './parse-leef.js';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };
const ONE = 'LEEF:1.0|Microsoft|MSExchange|4.0 SP1|15345|';
const TWO = 'LEEF:2.0|Microsoft|MSExchange|4.0 SP1|15345|';

function parse(line: string | Uint8Array): ParsedLine {
  const [answer] = parseLeef([Buffer.from(line)], CONTEXT);
  if (!answer) throw new Error('no answer');
  return answer;
}

function eventOf(line: string | Uint8Array): Record<string, unknown> {
  const answer = parse(line);
  if (answer.kind !== 'event') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.event;
}

function attributesOf(line: string): Record<string, unknown> {
  const members = Object.entries(eventOf(line)).filter(([key]) => key.startsWith('leef.ext.'));
  return Object.fromEntries(members.map(([key, value]) => [key.slice('leef.ext.'.length), value]));
}

const confidenceOf = (line: string): unknown => {
  const answer = parse(line);
  return answer.kind === 'event' ? (answer.confidence ?? 'full') : answer.kind;
};

describe('attributes of LEEF', () => {
  it.each<[string, Record<string, unknown>]>([
    [ONE, {}],
    [
      `${ONE}src=10.0.0.1\tdst=10.0.0.2\tsev=5\tsrcPort=81`,
      { src: '10.0.0.1', dst: '10.0.0.2', sev: 5, srcPort: 81 },
    ],
    [`${ONE}foo=bar baz\ttik=tak toe\t`, { foo: 'bar baz', tik: 'tak toe' }],
    [`${ONE}foo=foo\\=bar\\=baz\ttik=a=b`, { foo: 'foo=bar=baz', tik: 'a=b' }],
    [`${ONE}usrName=\tdomain=\tpath=C:\\temp\\x`, { usrName: '', domain: '', path: 'C:\\temp\\x' }],
    [`${ONE}a=1|b=2|c=three four|d=`, { a: '1', b: '2', c: 'three four', d: '' }],
    [`${ONE}a=1#011b=2#011c=3`, { a: '1', b: '2', c: '3' }],
    [`${ONE}a=1<009>b=2`, { a: '1', b: '2' }],
    [TWO, {}],
    [`${TWO}^|foo=bar^bar=baz^baz=tik\\=tak`, { foo: 'bar', bar: 'baz', baz: 'tik=tak' }],
    [`${TWO}0x40|foo=bar@bar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}x40|foo=bar@bar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}x09|foo=bar\tbar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}\\t|foo=bar\tbar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}|foo=bar\tbar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}||foo=bar|bar=baz`, { foo: 'bar', bar: 'baz' }],
    [`${TWO}foo=bar\tbar=baz|\tbaz=x`, { foo: 'bar', bar: 'baz|', baz: 'x' }],
    [`${TWO}^|a=1|2`, { a: '1|2' }],
    [`${TWO}→|a=1→b=2`, { a: '1', b: '2' }],
    [`${ONE}a=1\ta=2\ta=1`, { a: ['1', '2'] }],
    [
      `${ONE}isLoginEvent=true\tisLogoutEvent=no\tdstPort=007`,
      { isLoginEvent: true, isLogoutEvent: 'no', dstPort: '007' },
    ],
    [
      `${ONE}__proto__=x\tconstructor=y`,
      Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ]),
    ],
  ])('%j are read in full', (line, expected) => {
    expect(attributesOf(line)).toEqual(expected);
    expect(confidenceOf(line)).toBe('full');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    [`${TWO}INVALID|foo=bar\tbar=baz|\tbaz=x`, { foo: 'bar', bar: 'baz|', baz: 'x' }],
    [`${ONE}src=10.0.0.1 dst=10.0.0.2 msg=a b`, { src: '10.0.0.1', dst: '10.0.0.2', msg: 'a b' }],
    [`${ONE}a=1^b=2`, { a: '1', b: '2' }],
    [`${ONE}a=1\tstill a\t\tb=2`, { a: '1\tstill a', b: '2' }],
    [`${ONE}words\ta=1`, { a: '1' }],
    [`${ONE}a key=1`, { key: '1' }],
    [`${ONE}a=1\t${'k'.repeat(81)}=2`, { a: `1\t${'k'.repeat(81)}=2` }],
  ])('%j are read in part', (line, expected) => {
    expect(attributesOf(line)).toEqual(expected);
    expect(confidenceOf(line)).toBe('partial');
  });

  it('have an end to their number', () => {
    const many = Array.from({ length: 3_000 }, (_, n) => `k${n}=v`).join('\t');
    expect(Object.keys(eventOf(ONE + many)).length).toBeLessThanOrEqual(2_000);
    expect(confidenceOf(ONE + many)).toBe('partial');
  });

  it('come back from what was written, whatever the values are', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\t\\]/g, '/'));
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^x[a-z]{1,6}$/)), fc.array(value), (keys, values) => {
        const members = keys.map((key, at) => [key, values[at] ?? ''] as const);
        const line = `${TWO}x09|${members.map(([key, text]) => `${key}=${text.replaceAll('=', '\\=')}`).join('\t')}\tzz=`;
        expect(attributesOf(line)).toEqual({ ...Object.fromEntries(members), zz: '' });
      }),
    );
  });
});

describe('an event of LEEF', () => {
  it.each([
    [`${ONE}devTime=1700000000123`, '2023-11-14T22:13:20.123Z'],
    [`${ONE}devTime=Sep 17 2025 11:45:34 GMT`, '2025-09-17T11:45:34Z'],
    [`${ONE}devTime=Sep 17 11:45:34.5`, '2026-09-17T11:45:34.5Z'],
    [`${ONE}devTime=17.09.25 11:45 PM CEST\tdevTimeFormat=dd.MM.yy hh:mm a z`, '2025-09-17T23:45:00+02:00'],
    [`${ONE}devTime=Sep 17 2025 11:45:34 GMT\tdevTimeFormat=yyyy`, '2025-09-17T11:45:34Z'],
    [`<14>Oct 11 22:14:15 fw1 ${ONE}devTime=soon`, '2026-10-11T22:14:15Z'],
    [`${ONE}devTime=`, undefined],
  ])('%s happened at %s', (line, timestamp) => {
    expect(eventOf(line)['timestamp']).toBe(timestamp);
  });

  it('is warned of a time that it could not read', () => {
    expect(parse(`${ONE}devTime=soon`)).toMatchObject({
      warnings: [expect.stringContaining('devTime is no time')],
    });
    expect(confidenceOf(`${ONE}devTime=soon`)).toBe('full');
  });

  it('has level, host, service and message by what is there', () => {
    const levelOf = (attributes: string): unknown => eventOf(`<11>${ONE}${attributes}`)['level'];
    expect(['sev=1', 'sev=10', 'sev=High', 'sev=', ''].map(levelOf)).toEqual([
      'info',
      'critical',
      'error',
      'error',
      'error',
    ]);
    expect(eventOf(`${ONE}dvc=10.0.0.1\tmsg=hello`)).toMatchObject({
      host: '10.0.0.1',
      service: 'MSExchange',
      message: 'hello',
    });
    expect(eventOf(`Oct 11 22:14:15 fw1 app[7]: ${ONE}dvc=10.0.0.1`)).toMatchObject({
      host: 'fw1',
      service: 'app',
      message: '15345',
      'syslog.procid': '7',
    });
    expect(eventOf(`what is it ${ONE}words\ta=1`)).toMatchObject({ message: '15345 words what is it' });
  });

  it('has the fields of the header with their spaces', () => {
    expect(eventOf('LEEF: 2.0 | Micro\\|soft |  b  |c|d|^|a=1')).toMatchObject({
      'leef.version': '2.0',
      'leef.vendor': ' Micro|soft ',
      'leef.product': '  b  ',
      'leef.delimiter': '^',
    });
    expect(eventOf(TWO)).not.toHaveProperty('leef.delimiter');
    expect(confidenceOf('LEEF:1.0|Microsoft||4.0 SP1|15345|a=1')).toBe('partial');
  });

  it.each([
    ['unparsable line', 'not_leef'],
    ['LEEF:', 'not_leef'],
    ['CEF:0|a|b|c|d|e|5|', 'not_leef'],
    ['BAD_LEEF:1.0|a|b|c|d|', 'not_leef'],
    ['LEEF:1.0|', 'bad_header'],
    ['LEEF:1.0|Microsoft|MSExchange', 'bad_header'],
    ['LEEF:1.0|Microsoft|MSExchange|1|15345', 'bad_header'],
  ])('%s is refused: %s', (line, reason) => {
    expect(parse(line)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('hostile bytes', () => {
  it('are read with replacements where they are no UTF-8, and NUL is a character', () => {
    const line = Buffer.from(`${ONE}msg=caf\u00e9\ta=\u0000`, 'latin1');
    expect(eventOf(line)).toMatchObject({ 'leef.ext.msg': 'caf\ufffd', 'leef.ext.a': '\u0000' });
    expect(parse(line)).toMatchObject({ confidence: 'partial' });
  });

  it.each(['a', ' ', '=', '\\', '|', '\\=', 'a=', '\ta=', '\t', '^', '#011', 'k=v\t', 'k=v|', ' k=', 'k '])(
    'are read, a megabyte of %j too',
    (piece) => {
      for (const head of [ONE, TWO, `${TWO}^|`, 'LEEF:1.0|'])
        expect(parse(Buffer.from(head + piece.repeat(1_000_000 / piece.length))).kind).toMatch(
          /event|refused/,
        );
    },
  );

  it('cut anywhere are answered', () => {
    const whole = `<14>Oct 11 22:14:15 fw1 ${TWO}0x40|devTime=1700000000@devTimeFormat=yyyy@a=b\\=c`;
    for (let end = 0; end <= whole.length; end += 1) expect(() => parse(whole.slice(0, end))).not.toThrow();
  });
});
