import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from './exact-json.js';

const asJson = (text: string): unknown => JSON.parse(JSON.stringify(parseExactJson(text)));

describe('JSON read exactly', () => {
  it('is what JSON.parse reads, where no key repeats and no integer is long', () => {
    const json = fc.json({ maxDepth: 4 }).filter((text) => !/\d{16}/.test(text));
    fc.assert(
      fc.property(json, (text) => {
        expect(parseExactJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', '9007199254740992'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['18446744073709551615', '18446744073709551615'],
    ['1234567890.1234567890123456', 1234567890.1234567],
    ['1e300', 1e300],
    ['12345678901234567e2', Number('12345678901234567e2')],
    ['"12345678901234567890"', '12345678901234567890'],
    ['{"12345678901234567890":[1234567890123456789]}', { '12345678901234567890': ['1234567890123456789'] }],
    ['{"a":"\\"12345678901234567890"}', { a: '"12345678901234567890' }],
  ])('%s keeps its digits', (text, expected) => {
    expect(parseExactJson(text)).toEqual(expected);
  });

  it.each([
    ['{"a":1,"a":2}', { a: 1 }],
    ['{"a":1,"\\u0061" : 2}', { a: 1 }],
    ['{"a":{"b":1,"b":{"c":3}},"b":4}', { a: { b: 1 }, b: 4 }],
    ['[{"a":1},{"a":2,"a":{"a":3}}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":"x:{\\"a\\":1","a":"{"}', { a: 'x:{"a":1' }],
    ['{"":1,"":2,"\\\\":3,"\\\\":4}', { '': 1, '\\': 3 }],
    ['{"a":[1,2],"a":[3],"a":null}', { a: [1, 2] }],
  ])('%s has the first of each key', (text, expected) => {
    expect(asJson(text)).toEqual(expected);
  });

  it('keeps keys that begin beyond the basic plane, and ignores a byte order mark', () => {
    expect(parseExactJson('\ufeff{"𐁕":1,"a":1,"a":2}')).toEqual({ '𐁕': 1, a: 1 });
  });

  it('takes __proto__ for a plain key, also when it repeats', () => {
    const value = parseExactJson('{"__proto__":{"x":1},"__proto__":2}') as object;
    expect(Object.entries(value)).toEqual([['__proto__', { x: 1 }]]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});
