import { describe, expect, it } from 'vitest';
import { frameLines } from '#event-bus';

const framed = (text: string, maxLineBytes = 100): unknown => {
  const result = frameLines(Buffer.from(text), maxLineBytes);
  return 'tooLong' in result ? result : { text: Buffer.from(result.body).toString(), count: result.count };
};

describe('framing lines', () => {
  it.each([
    ['clean lines', '{"a":1}\n{"b":2}\n', '{"a":1}\n{"b":2}\n', 2],
    ['a missing last LF', 'a\nb', 'a\nb\n', 2],
    ['CRs before the LF', 'a\r\nb\r\n', 'a\nb\n', 2],
    ['a CR before the missing last LF', 'a\r\nb\r', 'a\nb\n', 2],
    ['two CRs', 'a\r\r\n', 'a\n', 1],
    ['a CR inside a line', 'a\rb\n', 'a\rb\n', 1],
    ['blank lines', '\n\na\n\n\nb\n\n', 'a\nb\n', 2],
    ['lines of spaces, tabs and CRs', ' \t\n  a \n\t\r\n', '  a \n', 1],
    ['nothing', '', '', 0],
    ['only blank lines', '\n \r\n', '', 0],
    ['a NUL, which is no blank', '\u0000\n', '\u0000\n', 1],
  ])('%s', (_what, text, expected, count) => {
    expect(framed(text)).toEqual({ text: expected, count });
  });

  it('tells the number and length of a line that is too long, counted as the client counts', () => {
    expect(framed('ab\n\nabcd\n', 3)).toEqual({ tooLong: { line: 3, bytes: 4 } });
    expect(framed('abc\nabcd', 3)).toEqual({ tooLong: { line: 2, bytes: 4 } });
  });

  it('does not count the line end into its length', () => {
    expect(framed('abc\r\nabc\n', 3)).toEqual({ text: 'abc\nabc\n', count: 2 });
  });

  it('passes clean bytes on as they are, without a copy', () => {
    const body = Buffer.from('{"a":1}\n  {"b":2}\n');
    const result = frameLines(body, 100);
    expect('body' in result && result.body.buffer === body.buffer).toBe(true);
  });

  it('keeps bytes that are no UTF-8', () => {
    const body = Buffer.from([0xff, 0xfe, 13, 10, 0xc3, 10]);
    const result = frameLines(body, 100);
    expect('body' in result && [...result.body]).toEqual([0xff, 0xfe, 10, 0xc3, 10]);
  });
});
