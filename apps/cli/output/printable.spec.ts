import { describe, expect, it } from 'vitest';
import { jsonLine, printable } from './printable.js';

describe('printable', () => {
  it.each([
    ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
    ['\u009b31m', '\\x9b31m'],
    ['a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['\u202egpj.exe', '\\u202egpj.exe'],
    ['a\u2028b', 'a\\u2028b'],
    ['\ud800', '\\ud800'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\u007f\u0000', '\\x7f\\x00'],
  ])('shows %j as %j', (text, shown) => expect(printable(text)).toBe(shown));

  it.each(['plain', 'größer', '日本語', '👩‍👩‍👧', 'שלום'])('leaves %j alone', (text) =>
    expect(printable(text)).toBe(text),
  );
});

describe('jsonLine', () => {
  it('is equal as JSON and holds nothing that a terminal acts upon', () => {
    const value = { '\u009b': ['\u001b', '\u202e\u{e0041}', '\ud800', 'é👍\n'] };
    const line = jsonLine(value);
    expect(JSON.parse(line)).toEqual(value);
    expect(printable(line)).toBe(line);
  });
});
