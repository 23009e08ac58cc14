import { describe, expect, it } from 'vitest';
import { SURE } from '#plugin-kit';
import { sniffCef } from './sniff-cef.js';

const sniff = (text: string): number => sniffCef(Buffer.from(text));

describe('CEF is recognised', () => {
  it.each([
    'CEF:0|Security|threatmanager|1.0|100|worm|10|',
    'CEF: 1|a|b|',
    'CEF:26|',
    '<134>CEF:0|a|b|',
    '<134>Oct 11 22:14:15 fw-1 CEF:0|a|b|',
    'Oct 11 22:14:15 fw-1 app: CEF:0|a|b|',
    '<189>1 2021-06-18T10:55:50.000003Z host app - - - CEF:0|a|b|',
  ])('for sure: %s', (line) => {
    expect(sniff(line)).toBeGreaterThanOrEqual(SURE);
  });

  it.each([
    '',
    'CEF:',
    'CEF:0',
    'CEF:x|',
    'LEEF:1.0|a|b|',
    'XCEF:0|a',
    '{"message":"CEF:0|a|b|c|d|e|5|"}',
    '"CEF:0|a|b|"',
    '<34>Oct 11 22:14:15 host app: words',
    `${'x'.repeat(600)} CEF:0|a|`,
  ])('not: %s', (line) => {
    expect(sniff(line)).toBe(0);
  });

  it('in a part of a larger buffer', () => {
    expect(sniffCef(Buffer.from('xxCEF:0|a|').subarray(2))).toBe(1);
    expect(sniffCef(Buffer.from('CEF:0|a|').subarray(0, 5))).toBe(0);
  });
});
