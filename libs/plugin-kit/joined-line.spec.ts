import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinLines, readJoinedLine } from './joined-line.js';

const join = (...lines: readonly string[]): string =>
  Buffer.from(joinLines(lines.map((line) => Buffer.from(line)))).toString();

describe('joined lines', () => {
  it('are one, with #012 for each LF', () => {
    expect(join('a', ' at b', '', 'c')).toBe('a#012 at b#012#012c');
    expect(readJoinedLine('a#012 at b#012#012c')).toBe('a\n at b\n\nc');
  });

  it('leave a line by itself as it is, but for what would be misread', () => {
    expect(join('a # 012 #123')).toBe('a # 012 #123');
    expect(join('a#012b', '#043')).toBe('a#043012b#012#043043');
    expect(readJoinedLine('a#043012b')).toBe('a#012b');
  });

  it('come back whatever they hold', () => {
    const text = fc.stringMatching(/^[#0-4ab]{0,12}$/);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), (lines) => {
        expect(readJoinedLine(join(...lines))).toBe(lines.join('\n'));
      }),
    );
    const bytes = joinLines([Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xc3)]);
    expect([...bytes]).toEqual([0xff, 0xfe, 0x23, 0x30, 0x31, 0x32, 0xc3]);
  });
});
