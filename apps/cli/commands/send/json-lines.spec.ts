import { describe, expect, it } from 'vitest';
import { jsonLines } from './json-lines.js';

/** All lines of a text that comes in pieces of so many bytes. */
async function linesOf(text: string, size = 1_000): Promise<string> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const made: Buffer[] = [];
  for await (const lines of jsonLines(pieces(), 'x.json')) made.push(lines);
  return Buffer.concat(made).toString();
}

describe('lines of JSON', () => {
  it.each([
    ['{"a":1}', '{"a":1}\n'],
    ['[{"a":1},{"a":2}]', '{"a":1}\n{"a":2}\n'],
    ['[\n  {\r\n "a": [1,\n {}]\n} ,\n {"b":"]}\\"[\\\\"}\n]\n', '{   "a": [1,  {}] }\n{"b":"]}\\"[\\\\"}\n'],
    ['{"a":1}{"a":2} {"a":3}\n', '{"a":1}\n{"a":2}\n{"a":3}\n'],
    ['[1,"two",[3],null]', '1\n"two"\n[3]\nnull\n'],
    ['[[1],[2]]', '[1]\n[2]\n'],
    ['[]', ''],
    ['', ''],
    ['[{"ä":"日\u2028"}]', '{"ä":"日\u2028"}\n'],
    ['{}{}{}{}', '{}\n{}\n{}\n{}\n'],
  ])('of %j are %j, in whatever pieces it comes', async (text, lines) => {
    for (const size of [1, 2, 3, 1_000]) expect(await linesOf(text, size)).toBe(lines);
  });

  it.each([
    ['[{"a":1},', /x\.json ends within a value \(at byte 9\)/],
    ['{"a":{', /ends within/],
    ['{"a', /ends within/],
    ['{"a":"b\nc"}', /runs over the end of a line/],
  ])('can not be made of %j', async (text, message) => {
    await expect(linesOf(text)).rejects.toThrow(message);
  });
});
