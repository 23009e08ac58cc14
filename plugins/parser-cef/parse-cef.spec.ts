import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import type { ParsedLine } from '#plugin-kit';
import { parseCef } from './parse-cef.js';

const CONTEXT = { receivedAt: parseTime('2026-11-21T12:00:00Z') ?? 0n };
const HEAD = 'CEF:0|Example|Sensor|1.0|100|worm stopped|5|';

function parse(line: string | Uint8Array, context = CONTEXT): ParsedLine {
  const [answer] = parseCef([Buffer.from(line)], context);
  if (!answer) throw new Error('no answer');
  return answer;
}

function eventOf(line: string | Uint8Array): Record<string, unknown> {
  const answer = parse(line);
  if (answer.kind !== 'event') throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.event;
}

/** The extensions of a line behind a sound header. */
function extensionsOf(extension: string): Record<string, unknown> {
  const members = Object.entries(eventOf(HEAD + extension)).filter(([key]) => key.startsWith('cef.ext.'));
  return Object.fromEntries(members.map(([key, value]) => [key.slice('cef.ext.'.length), value]));
}

const confidenceOf = (line: string): unknown => {
  const answer = parse(line);
  return answer.kind === 'event' ? (answer.confidence ?? 'full') : answer.kind;
};

describe('an extension of CEF', () => {
  it.each<[string, Record<string, unknown>]>([
    ['', {}],
    ['src=10.0.0.1', { src: '10.0.0.1' }],
    [' src=10.0.0.1  dst=10.0.0.2   spt=80 ', { src: '10.0.0.1', dst: '10.0.0.2', spt: 80 }],
    ['msg=a b  c act=x y', { msg: 'a b  c', act: 'x y' }],
    ['src= dst= spt=', { src: '', dst: '', spt: '' }],
    ['msg= leading act=x', { msg: ' leading', act: 'x' }],
    ['moo=this|has a pipe', { moo: 'this|has a pipe' }],
    ['moo=this\\|has a pipe', { moo: 'this|has a pipe' }],
    ['a=x\\=y z=\\\\', { a: 'x=y', z: '\\' }],
    ['path=\\\\home\\\\ spt=1', { path: '\\home\\', spt: 1 }],
    ['msg=one\\ntwo\\r\\nthree\\\\new\\\\\\=.', { msg: 'one\ntwo\r\nthree\\new\\=.' }],
    ['f=\\"q\\" \\] \\x \\ C:\\Users\\trend', { f: '"q" ] \\x \\ C:\\Users\\trend' }],
    ['q="in quotes" r=\'x\'', { q: '"in quotes"', r: "'x'" }],
    ['q=k1\\=v1&k2\\=v3 aa.bc&k3\\=v4 done=1', { q: 'k1=v1&k2=v3 aa.bc&k3=v4', done: '1' }],
    ['msg=tab\there\t src=1.1.1.1', { msg: 'tab\there\t', src: '1.1.1.1' }],
    [
      'ad.a-b=1 ad.Error_,Code=3 ad.f[0]=x ad.foo.name[12]=y',
      { 'ad.a-b': '1', 'ad.Error_,Code': '3', 'ad.f[0]': 'x', 'ad.foo.name[12]': 'y' },
    ],
    ['größe=1 用户=root', { größe: '1', 用户: 'root' }],
    ['a=1 a=2 a=1 b=x b=x', { a: ['1', '2'], b: 'x' }],
    [
      '__proto__=x constructor=y toString=z',
      Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', 'y'],
        ['toString', 'z'],
      ]),
    ],
  ])('%j is read in full', (extension, expected) => {
    expect(extensionsOf(extension)).toEqual(expected);
    expect(confidenceOf(HEAD + extension)).toBe('full');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[string, Record<string, unknown>]>([
    ['moo=this =has = equals\\=', { moo: 'this =has = equals=' }],
    [
      'error=because id==old user=root angle=106.7<=180',
      { error: 'because', id: '=old', user: 'root', angle: '106.7<=180' },
    ],
    [
      "agent='Foo/1; =Email:u@example.org; Guid:test=' cs1= cs1Label=Bar",
      { agent: "'Foo/1; =Email:u@example.org; Guid:test='", cs1: '', cs1Label: 'Bar', Bar: '' },
    ],
    ['key1=\\\\hi= key2=a', { key1: '\\hi=', key2: 'a' }],
    ['act=Accept =0.0.0.0', { act: 'Accept =0.0.0.0' }],
    ['a=x,y b,c=1 d[x]=2', { a: 'x,y b,c=1 d[x]=2' }],
    ['msg=parted by tabs\tsrc=127.0.0.1', { msg: 'parted by tabs', src: '127.0.0.1' }],
    ['this has no key', {}],
    [`a=1 ${'k'.repeat(81)}=2`, { a: `1 ${'k'.repeat(81)}=2` }],
  ])('%j is read in part', (extension, expected) => {
    expect(extensionsOf(extension)).toEqual(expected);
    expect(confidenceOf(HEAD + extension)).toBe('partial');
  });

  it('keeps numbers as numbers where the dictionary says so and nothing is lost', () => {
    expect(
      extensionsOf(
        'spt=1232 dpt=007 in=4294967296 out=1.5 cn1=200 cn7=-3 cfp15=3.14 type=event cpt=443 suid=5',
      ),
    ).toEqual({
      spt: 1232,
      dpt: '007',
      in: 4294967296,
      out: 1.5,
      cn1: 200,
      cn7: -3,
      cfp15: 3.14,
      type: 'event',
      cpt: '443',
      suid: '5',
    });
    expect(extensionsOf('eventId=33411452762204224 sourcePort=80')).toEqual({
      eventId: '33411452762204224',
      sourcePort: 80,
    });
  });

  it('is found under its label too', () => {
    expect(
      extensionsOf(
        'cn1Label=Host ID cn1=1 cs9=x cs9Label=Rule  name! c6a1=::1 c6a1Label=Quell-Adresse flexString1=f flexString1Label=größe',
      ),
    ).toMatchObject({ cn1: 1, Host_ID: 1, Rule_name_: 'x', 'Quell-Adresse': '::1', größe: 'f' });
    expect(extensionsOf('src=1.1.1.1 cs1=x cs1Label=src cs2Label=none cs3=y cs3Label=!!')).toEqual({
      src: '1.1.1.1',
      cs1: 'x',
      cs1Label: 'src',
      cs2Label: 'none',
      cs3: 'y',
      cs3Label: '!!',
    });
    expect(Object.keys(extensionsOf('cs1=x cs1Label=__proto__'))).toContain('__proto__');
  });

  it('has an end to its keys', () => {
    const many = Array.from({ length: 3_000 }, (_, n) => `k${n}=v`).join(' ');
    expect(Object.keys(eventOf(HEAD + many)).length).toBeLessThanOrEqual(2_000);
    expect(confidenceOf(HEAD + many)).toBe('partial');
  });

  it('comes back from what was written, whatever the values are', () => {
    const value = fc.string({ unit: 'grapheme' }).map((text) => text.trim());
    const escape = (text: string): string =>
      text.replaceAll(/[\\=]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^x[a-z]{1,6}$/)), fc.array(value), (keys, values) => {
        const members = keys.map((key, at) => [key, values[at] ?? ''] as const);
        const line = members.map(([key, text]) => `${key}=${escape(text)}`).join(' ');
        expect(extensionsOf(line)).toEqual(Object.fromEntries(members));
      }),
    );
  });
});

describe('a header of CEF', () => {
  it('has its escapes undone and its spaces kept', () => {
    expect(eventOf('CEF:26|a\\|b|c\\\\|d=e| f |\\|g\\x|10|')).toMatchObject({
      'cef.version': 26,
      'cef.device_vendor': 'a|b',
      'cef.device_product': 'c\\',
      'cef.device_version': 'd=e',
      'cef.device_event_class_id': ' f ',
      'cef.name': '|g\\x',
      'cef.severity': 10,
    });
  });

  it.each([
    'CEF: 0|Example|Sensor|1.0|100|x|5|',
    'CEF:0.1|Example|Sensor|1.0|100|x|5|',
    `<14>${HEAD}`,
    `\ufeff${HEAD}`,
    `${HEAD}src=1.1.1.1`,
  ])('%s is taken', (line) => {
    expect(confidenceOf(line)).toBe('full');
  });

  it.each([
    'CEF:0||Sensor|1.0|100|x|5|',
    'CEF:0|||||||a=',
    'CEF:0|Example|Sensor|1.0|100|x| |',
    'CEF:0|Example|Sensor|1.0|100|x|Very-High',
    'CEF:0|Example|Mgmt|activityID=1 siteName=None accountName=foo bar',
    `Syslogdate Sysloghost ${HEAD}`,
  ])('%s is taken in part', (line) => {
    expect(confidenceOf(line)).toBe('partial');
  });

  it.each([
    ['unparsable line', 'not_cef'],
    ['CEF:', 'not_cef'],
    ['CEF:x|a|b|c|d|e|f|', 'not_cef'],
    ['BAD_CEF:0|a|b|c|d|e|f|', 'not_cef'],
    [`${'x'.repeat(5_000)} ${HEAD}`, 'not_cef'],
    ['CEF:0|', 'bad_header'],
    ['CEF:0|Example|Sensor|', 'bad_header'],
    ['CEF:0|Example|Sensor|1.0|100|x|', 'bad_header'],
    ['CEF:0|Example|Sensor|1.0 words a=1', 'bad_header'],
    ['CEF:0|a|b|c|d|e|a severity as long as a sentence', 'bad_header'],
  ])('%s is refused: %s', (line, reason) => {
    expect(parse(line)).toMatchObject({ kind: 'refused', reason });
  });
});

describe('an event of CEF', () => {
  it.each([
    [`${HEAD}rt=1543270652000 end=1 start=2`, '2018-11-26T22:17:32.000Z'],
    [`${HEAD}end=Nov 08 2020 12:31:00 EST start=1543270652000`, '2020-11-08T12:31:00-05:00'],
    [`${HEAD}rt=%TIME% start=1543270652000`, '2018-11-26T22:17:32.000Z'],
    [`${HEAD}rt=Jul 19 2017 10:50:21.127 dtz=Europe/Moscow`, '2017-07-19T10:50:21.127+03:00'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 dtz=GMT+02:00`, '2017-07-19T10:50:21+02:00'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 UTC dtz=Europe/Moscow`, '2017-07-19T10:50:21Z'],
    [`${HEAD}rt=Jul 19 2017 10:50:21 dtz=Mars/Base`, '2017-07-19T10:50:21Z'],
    [`${HEAD}rt=2025-06-29T23:35:00Z`, '2025-06-29T23:35:00Z'],
    [`<14>Oct 11 22:14:15 fw1 ${HEAD}rt=Dec 31 23:59:59`, '2025-12-31T23:59:59Z'],
    [`<14>Oct 11 22:14:15 fw1 ${HEAD}`, '2026-10-11T22:14:15Z'],
    [HEAD, undefined],
  ])('%s happened at %s', (line, timestamp) => {
    expect(eventOf(line)['timestamp']).toBe(timestamp);
  });

  it('has times without a zone in the zone of its source', () => {
    const zoned = parse(`${HEAD}rt=Jul 19 2017 10:50:21`, {
      ...CONTEXT,
      zone: 'America/New_York',
    } as typeof CONTEXT);
    expect(zoned).toMatchObject({ event: { timestamp: '2017-07-19T10:50:21-04:00' } });
    expect(zoned).not.toHaveProperty('warnings');
  });

  it('is warned of what was assumed, and is full all the same', () => {
    expect(parse(`${HEAD}rt=Jul 19 10:50:21`)).toMatchObject({
      warnings: [expect.stringContaining('no year'), expect.stringContaining('no zone')],
    });
    expect(parse(`${HEAD}rt=soon`)).toMatchObject({ warnings: [expect.stringContaining('rt is no time')] });
    expect(confidenceOf(`${HEAD}rt=soon`)).toBe('full');
  });

  it('has a level by its severity, else by the priority', () => {
    const levelOf = (severity: string): unknown => eventOf(`<11>CEF:0|a|b|c|d|e|${severity}|`)['level'];
    expect(['0', '6', 'high', 'Very-High', 'Unknown', ''].map(levelOf)).toEqual([
      'info',
      'warning',
      'error',
      'critical',
      'error',
      'error',
    ]);
  });

  it('has host, service and message by what is there', () => {
    expect(eventOf(`${HEAD}dvc=10.0.0.1 dvchost=d1 msg=hello`)).toMatchObject({
      host: 'd1',
      service: 'Sensor',
      message: 'hello',
    });
    expect(eventOf(`Oct 11 22:14:15 fw1 app[7]: ${HEAD}dvchost=d1`)).toMatchObject({
      host: 'fw1',
      service: 'app',
      message: 'worm stopped',
      'syslog.procid': '7',
    });
    expect(eventOf(`Syslogdate Sysloghost ${HEAD}words src=1.1.1.1`)).toMatchObject({
      message: 'worm stopped words Syslogdate Sysloghost',
    });
  });
});

describe('hostile bytes', () => {
  it('are read with replacements where they are no UTF-8, and NUL is a character', () => {
    const line = Buffer.from(`${HEAD}msg=caf\u00e9 a\u0000b=1 src=\u0000`, 'latin1');
    expect(eventOf(line)).toMatchObject({ 'cef.ext.msg': 'caf\ufffd a\u0000b=1', 'cef.ext.src': '\u0000' });
    expect(parse(line)).toMatchObject({ confidence: 'partial' });
    expect(confidenceOf(`${HEAD}msg=\ufffd`)).toBe('full');
  });

  it.each(['a', ' ', '=', '\\', '|', '\\=', 'a=', ' a=', 'a= ', '\t', 'k=v ', 'cs1Label=a cs1=', ' =', '["'])(
    'are read at once: a megabyte of %j',
    (piece) => {
      const long = (size: number): Uint8Array => Buffer.from(HEAD + piece.repeat(size / piece.length));
      const started = performance.now();
      expect(parse(long(1_000_000)).kind).toBe('event');
      parse(Buffer.from(`CEF:0|${piece.repeat(1_000_000 / piece.length)}`));
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  it('cut anywhere are answered', () => {
    const whole = `<14>Oct 11 22:14:15 fw1 ${HEAD}rt=1543270652000 cs1=a\\=b cs1Label=Host ID`;
    for (let end = 0; end <= whole.length; end += 1) expect(() => parse(whole.slice(0, end))).not.toThrow();
  });
});
