import { describe, expect, it } from 'vitest';
import plugin from './index.js';

const { parser } = plugin;
const parse = (line: string | Uint8Array): unknown => {
  const [answer] = parser.parse([Buffer.from(line)], { receivedAt: 0n });
  return answer?.kind === 'refused' ? answer.reason : answer?.kind;
};

describe('a line that may be JSON', () => {
  it.each([
    ['{"a":1}', 1],
    [' {"a":1}\t', 1],
    ['{broken}', 1],
    ['{', 0],
    ['}', 0],
    ['{"a":1} and more', 0],
    ['["a"]', 0],
    ['', 0],
    [' ', 0],
  ])('%j is sniffed: %i', (line, expected) => {
    expect(Math.ceil(parser.sniff(Buffer.from(line)))).toBe(expected);
  });

  it.each([
    ['{"a":18446744073709551615}', 'json'],
    ['\ufeff{"a":1}', 'json'],
    [`${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`, 'json'],
    [`${'{"a":'.repeat(64)}{}${'}'.repeat(64)}`, 'too_deep'],
    [`{"${'k'.repeat(257)}":1}`, 'key_too_long'],
    [`{"${'\u00e9'.repeat(129)}":1}`, 'key_too_long'],
    [`{"${'k'.repeat(256)}":1}`, 'json'],
    ['[{}]', 'not_object'],
    ['{"a":1', 'not_json'],
    ['{"a":1} x', 'not_json'],
    ['{"a":1e999}', 'not_json'],
    ['{"a":"\\ud800"}', 'not_json'],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'not_json'],
  ])('%s is %s', (line, expected) => {
    expect(parse(line)).toBe(expected);
  });
});
