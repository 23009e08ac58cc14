import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf, eventOf, HEAD } from './testing/parse-line.js';

/** The extensions of a line behind a sound header. */
function extensionsOf(extension: string): Record<string, unknown> {
  const members = Object.entries(eventOf(HEAD + extension)).filter(([key]) => key.startsWith('cef.ext.'));
  return Object.fromEntries(members.map(([key, value]) => [key.slice('cef.ext.'.length), value]));
}

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
