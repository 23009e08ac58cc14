import { describe, expect, it } from 'vitest';
import { isEscaped, scanBarHeader, sniffBarHeader, SURE } from '#plugin-kit';

const sniff = (text: string): number => sniffBarHeader(Buffer.from(text), 'CEF');

describe('a header with bars', () => {
  it('is found at the beginning and behind a syslog header', () => {
    expect(scanBarHeader('LEEF:1.0|a|b\\|c|d\\\\|e|x|y', 'LEEF', 4)).toEqual({
      begin: 0,
      version: '1.0',
      fields: ['a', 'b|c', 'd\\', 'e'],
      end: 22,
    });
    expect(scanBarHeader('<14>host CEF: 26 |a|b', 'CEF', 6)).toEqual({
      begin: 9,
      version: '26',
      fields: ['a'],
      end: 20,
    });
  });

  it.each(['', 'CEF:', 'CEF:0', 'CEF:x|', 'XCEF:0|', '_CEF:0|', 'LEEF:1|', `${'x'.repeat(5_000)} CEF:0|`])(
    '%s has none',
    (text) => {
      expect(scanBarHeader(text, 'CEF', 6)).toBeUndefined();
    },
  );

  it('is escaped by an odd number of backslashes', () => {
    expect(['|', 'a|', '\\|', '\\\\|', 'a\\\\\\|'].map((text) => isEscaped(text, text.length - 1))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});

describe('a line with such a header is recognised', () => {
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
    expect(sniffBarHeader(Buffer.from('xxCEF:0|a|').subarray(2), 'CEF')).toBe(1);
    expect(sniffBarHeader(Buffer.from('CEF:0|a|').subarray(0, 5), 'CEF')).toBe(0);
  });
});
