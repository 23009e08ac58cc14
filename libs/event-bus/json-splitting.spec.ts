import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitJson } from '#event-bus';

/** Lines, or what is wrong, as text. */
function split(text: string | Buffer, maxBytes = 1_000): string | string[] {
  const splitting = splitJson(Buffer.from(text), maxBytes);
  let step = splitting.next();
  while (!step.done) step = splitting.next();
  const result = step.value;
  if ('broken' in result) return `${result.broken.at}: ${result.broken.what}`;
  if ('longElement' in result) return `long: ${result.longElement.index}`;
  const lines = Buffer.from(result.body).toString().split('\n').slice(0, -1);
  expect(lines).toHaveLength(result.count);
  return lines;
}

describe('splitting JSON into lines', () => {
  it.each<[string, string, string[]]>([
    ['an object', '{"a":1}', ['{"a":1}']],
    ['an object between blanks', ' \r\n{"a":1}\t\n', ['{"a":1}']],
    ['an array', '[{"a":1},{"b":[2,3]}]', ['{"a":1}', '{"b":[2,3]}']],
    ['blanks between elements', ' [ {"a":1} ,\n\t{"b":2}\r\n ] \n', ['{"a":1}', '{"b":2}']],
    ['line ends between tokens', '[{\n  "a":\r\n1\n}]', ['{   "a":  1 }']],
    [
      'brackets, commas and quotes in strings',
      '[{"a":"],}\\",[{"},{"b":"\\\\"}]',
      ['{"a":"],}\\",[{"}', '{"b":"\\\\"}'],
    ],
    ['scalars, which the engine refuses one by one', '[1,"a,b",null,[]]', ['1', '"a,b"', 'null', '[]']],
    ['nonsense between brackets', '[{"a":[1},{"b":2]}]', ['{"a":[1},{"b":2]}']],
    ['an empty array', ' [ ] ', []],
    ['nothing', ' \n', []],
  ])('%s', (_what, text, lines) => {
    expect(split(text)).toEqual(lines);
  });

  it.each<[string, string, number]>([
    ['a scalar', ' 12', 1],
    ['a string', '"a"', 0],
    ['no JSON', 'hello', 0],
    ['an element of an object that breaks off', '{"a":1', 6],
    ['a string that breaks off', '{"a', 3],
    ['an array that breaks off', '[{"a":1}', 8],
    ['an array that breaks off behind a comma', '[{"a":1},', 9],
    ['a trailing comma', '[{"a":1},]', 9],
    ['a leading comma', '[,{"a":1}]', 1],
    ['two commas', '[1, ,2]', 4],
    ['a brace too many', '[{"a":1}}]', 8],
    ['a second object', '{"a":1}\n{"b":2}', 8],
    ['something behind the array', '[1] x', 4],
    ['a line end within a string', '[{"a":"b\nc"}]', 8],
    ['a line end behind a backslash', '[{"a":"b\\\nc"}]', 9],
  ])('names the place of %s', (_what, text, at) => {
    expect(split(text)).toMatch(new RegExp(`^${at}: `));
  });

  it('names the element that is too long, and takes one of exactly the length', () => {
    expect(split('[{"a":1},{"bb":2}]', 7)).toBe('long: 1');
    expect(split('[{"a":1},{"b":2}]', 7)).toEqual(['{"a":1}', '{"b":2}']);
    expect(split('{"aa":1}', 7)).toBe('long: 0');
    expect(split('{"a":1}', 7)).toEqual(['{"a":1}']);
    expect(split(`["${'x'.repeat(9)}`, 7)).toBe('long: 0');
  });

  it('keeps bytes that are no UTF-8', () => {
    const body = Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x2c, 0x22, 0xc3, 0x22, 0x5d]);
    const step = splitJson(body, 10).next();
    expect(step.value && 'body' in step.value && [...step.value.body]).toEqual([
      0x22, 0xff, 0x22, 10, 0x22, 0xc3, 0x22, 10,
    ]);
  });

  it('pauses on the way through a large body', () => {
    const text = `[${Array.from({ length: 100_000 }, (_, n) => `{"number":${n},"text":"some more"}`).join(', ')}]`;
    const splitting = splitJson(Buffer.from(text), 100);
    let pauses = 0;
    let step = splitting.next();
    for (; !step.done; step = splitting.next()) pauses += 1;
    expect(pauses).toBe(Math.floor(text.length / 2 ** 20));
    expect(step.value).toMatchObject({ count: 100_000 });
  });

  it('gives every element of every array back, however it is laid out', () => {
    const layouts = fc.constantFrom(undefined, 1, '\t', '\r\n ');
    fc.assert(
      fc.property(fc.array(fc.object(), { minLength: 1, maxLength: 5 }), layouts, (events, layout) => {
        const lines = split(JSON.stringify(events, undefined, layout), 1e6);
        expect(lines).toHaveLength(events.length);
        const parsed = (lines as string[]).map((line) => JSON.parse(line) as unknown);
        expect(parsed).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });
});
