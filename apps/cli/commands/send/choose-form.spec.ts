import { describe, expect, it } from 'vitest';
import { chooseForm } from './choose-form.js';

describe('the form of a file', () => {
  it.each([
    ['{"a":1}\n{"a":2}\n', 'ndjson'],
    ['\n {"a":1}\r\n{"a":2}', 'ndjson'],
    ['{"a":1', 'ndjson'],
    ['{"a":tr\n{"a":2}\n', 'ndjson'],
    ['', 'ndjson'],
    ['{\n  "a": 1\n}\n', 'json'],
    ['{ "a": 1,\n "b": 2 }', 'json'],
    ['[{"a":1}]', 'json'],
    ['[\n', 'json'],
    ['[]', 'json'],
    ['[2026-01-31 12:00:00] hello\n', 'text'],
    ['[error] no\n', 'text'],
    ['{curly} things\nmore\n', 'text'],
    ['<34>1 2026-01-31T12:00:00Z web app - - - hi\n', 'text'],
  ])('of %j is %s', (text, form) => expect(chooseForm(Buffer.from(text), 'x')).toBe(form));

  it.each([
    [[0x42, 0x5a, 0x68, 0x39], /x is bzip2/],
    [[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], /x is xz/],
    [[0xff, 0xfe, 0x41, 0x00], /x is UTF-16/],
    [[0x41, 0x00], /zero bytes/],
  ])('is none for the bytes %j', (bytes, message) => {
    expect(() => chooseForm(Buffer.from(bytes), 'x')).toThrow(message);
  });
});
