import { assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it('has one text for a value, whatever order its keys were written in', () => {
    expect(canonicalJson({ b: [1, null, 'ü"\n'], a: { d: -0, c: 1e21 }, e: undefined })).toBe(
      '{"a":{"c":1e+21,"d":0},"b":[1,null,"ü\\"\\n"]}',
    );
    expect(canonicalJson({ '': 1, ö: 2, B: 3, a: 4, '€': 5 })).toBe('{"":1,"B":3,"a":4,"ö":2,"€":5}');
  });

  it('is read as what it was written of, and written so again', () => {
    assert(
      property(jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, [undefined]])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow('no JSON form');
  });
});
