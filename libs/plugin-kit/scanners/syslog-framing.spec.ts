import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NulFramer, SyslogFramer, type Frame, type MessageFramer } from '#plugin-kit';

const MAX = 64;

function read(framer: MessageFramer, chunks: readonly (string | Uint8Array)[]): string[] {
  const frames = chunks.flatMap((chunk) => framer.push(Buffer.from(chunk as string, 'latin1')).map(shown));
  return [...frames, ...framer.finish().map(shown)];
}
const shown = ({ bytes, fault }: Frame): string =>
  `${Buffer.from(bytes).toString('latin1')}${fault === undefined ? '' : ` !${fault}`}`;
const readSyslog = (...chunks: readonly string[]): string[] => read(new SyslogFramer(MAX), chunks);
const counted = (text: string): string => `${Buffer.byteLength(text)} ${text}`;

describe('syslog messages of a stream', () => {
  it.each([
    ['lines', '<1>a\n<2>b\n', ['<1>a', '<2>b']],
    ['lines with CR LF', '<1>a\r\n<2>b\r\n', ['<1>a', '<2>b']],
    ['lines with NUL', '<1>a\0<2>b\0', ['<1>a', '<2>b']],
    ['lines with either', '<1>a\0<2>b\n<3>c\0', ['<1>a', '<2>b', '<3>c']],
    ['lines, empty ones among them', '\n\r\n<1>a\n\0\n<2>b\n', ['<1>a', '<2>b']],
    ['counted messages', `${counted('<1>a')}${counted('<2>b')}`, ['<1>a', '<2>b']],
    ['counted ones with LF in the count', `${counted('<1>a\n')}${counted('<2>b\n')}`, ['<1>a', '<2>b']],
    ['counted ones with LF behind it', `${counted('<1>a')}\n${counted('<2>b')}\n`, ['<1>a', '<2>b']],
    ['counted ones of several lines', counted('<1>a\nb\n'), ['<1>a\nb']],
    [
      'one after the other',
      `<1>a\n${counted('<2>b')}<3>c\0${counted('<4>d')}`,
      ['<1>a', '<2>b', '<3>c', '<4>d'],
    ],
    ['counted CEF', counted('CEF:0|a|'), ['CEF:0|a|']],
    ['counted LEEF', counted('LEEF:2.0|a|'), ['LEEF:2.0|a|']],
    ['counted JSON', counted('{"a":1}'), ['{"a":1}']],
    ['a counted byte order mark', '6 \u00ef\u00bb\u00bfabc', ['\u00ef\u00bb\u00bfabc']],
    ['a line that begins with a number', '12 files changed\n', ['12 files changed']],
    ['a line that begins with a date', '2026-11-21 x\n20261121 y\n', ['2026-11-21 x', '20261121 y']],
    ['a line of digits', `${'7'.repeat(40)}\n`, ['7'.repeat(40)]],
    ['a line that is a count only', '12\n', ['12']],
    ['a zero before a count', '04 <1>a\n', ['04 <1>a']],
    ['a missing space', '16<1>1', ['16<1>1 !unterminated']],
    ['no end', '<1>a\n<2>b', ['<1>a', '<2>b !unterminated']],
    ['a cut count', '12', ['12 !unterminated']],
    ['a cut message', '9 <1>ab', ['<1>ab !cut']],
    ['nothing', '', []],
    ['a long line', `${'x'.repeat(MAX + 1)}\n<1>a\n`, [`${'x'.repeat(MAX)} !too_long`, '<1>a']],
    ['a line as long as may be', `${'x'.repeat(MAX)}\n`, ['x'.repeat(MAX)]],
    [
      'a long count',
      `${counted(`<${'x'.repeat(MAX)}`)}<1>a\n`,
      [`<${'x'.repeat(MAX - 1)} !too_long`, '<1>a'],
    ],
    ['a long line without an end', 'x'.repeat(MAX + 9), [`${'x'.repeat(MAX)} !too_long`]],
  ])('are found: %s', (_what, stream, expected) => {
    expect(readSyslog(stream)).toEqual(expected);
    expect(readSyslog(...stream)).toEqual(expected);
  });

  it.each([
    ['99999999999 <1>a', 'octet_count'],
    ['12345678 <1>a', 'octet_count'],
    ['\x16\x03\x01\x02\x00', 'tls_without_tls'],
    ['x\x9cabc', 'compressed'],
  ])('can not be found in %j: %s', (stream, reason) => {
    const framer = new SyslogFramer(MAX);
    expect(framer.push(Buffer.from(stream, 'latin1'))).toEqual([]);
    expect(framer.broken).toBe(reason);
    expect(framer.push(Buffer.from('<1>a\n'))).toEqual([]);
  });

  it('are given before the count that breaks the stream', () => {
    const framer = new SyslogFramer(MAX);
    expect(framer.push(Buffer.from('<1>a\n99999999999 <')).map(shown)).toEqual(['<1>a']);
    expect(framer.broken).toBe('octet_count');
  });

  it('are the same however the stream is cut', () => {
    const message = fc.string({
      unit: fc.constantFrom('a', '<', '1', ' ', '\n', '\0', '\r', 'CEF:'),
      maxLength: 90,
    });
    const piece = fc.oneof(
      message,
      message.map(counted),
      message.map((text) => counted(`<1>${text}`)),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const stream = pieces.join('');
        const chunks: string[] = [];
        let from = 0;
        for (const cut of cuts) chunks.push(stream.slice(from, (from += cut)));
        expect(readSyslog(...chunks, stream.slice(from))).toEqual(readSyslog(stream));
      }),
    );
  });

  it('are found in linear time, in single bytes and in one piece', () => {
    for (const piece of ['1', ' ', '\n', '<', 'a\n', '9 <', '1 <\n', 'x'.repeat(1023), '1048576 <a']) {
      const ms = timeOf(Buffer.from(piece.repeat((1 << 18) / piece.length)));
      expect({ piece: piece.slice(0, 10), slow: ms > 2_000 }).toEqual({
        piece: piece.slice(0, 10),
        slow: false,
      });
    }
  });
});

function timeOf(stream: Buffer): number {
  const started = performance.now();
  for (const step of [1, stream.length]) {
    const framer = new SyslogFramer(1 << 20);
    for (let at = 0; at < stream.length; at += step) framer.push(stream.subarray(at, at + step));
    framer.finish();
  }
  return performance.now() - started;
}

describe('messages that end in NUL', () => {
  it.each([
    ['{"a":1}\0{"b":2}\0', ['{"a":1}', '{"b":2}']],
    ['{"a":\n1}\0\0', ['{"a":\n1}']],
    ['{"a":1}', ['{"a":1} !unterminated']],
    ['', []],
    [`${'x'.repeat(MAX + 1)}\0a\0`, [`${'x'.repeat(MAX)} !too_long`, 'a']],
    ['x'.repeat(MAX + 1), [`${'x'.repeat(MAX)} !too_long`]],
  ])('are found in %j', (stream, expected) => {
    expect(read(new NulFramer(MAX), [stream])).toEqual(expected);
    expect(read(new NulFramer(MAX), [...stream])).toEqual(expected);
  });
});
