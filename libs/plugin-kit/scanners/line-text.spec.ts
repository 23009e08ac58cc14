import { describe, expect, it } from 'vitest';
import { readLineText } from '#plugin-kit';

describe('the text of a line', () => {
  it.each([
    ['plain', Buffer.from('plain'), false],
    ['ü🚀', Buffer.from('ü🚀'), false],
    ['\ufffd', Buffer.from('\ufffd'), false],
    ['caf\ufffd', Buffer.from('caf\u00e9', 'latin1'), true],
    ['\ufffd(', Buffer.from([0xc3, 0x28]), true],
    ['b', Buffer.from('abc').subarray(1, 2), false],
    ['', new Uint8Array(), false],
  ])('is %j', (text, line, isReplaced) => {
    expect(readLineText(line)).toEqual({ text, isReplaced });
  });
});
