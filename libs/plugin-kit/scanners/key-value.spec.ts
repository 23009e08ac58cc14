import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PAIRS, scanKeyValues } from '#plugin-kit';

const read = (text: string): unknown[] => scanKeyValues(text).pairs.map(({ key, value }) => [key, value]);

describe('members such as key=value', () => {
  it.each([
    [
      'a=1 b=two',
      [
        ['a', '1'],
        ['b', 'two'],
      ],
    ],
    [
      'a=1  \t b=2 ',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'msg="hello world" x=y',
      [
        ['msg', 'hello world'],
        ['x', 'y'],
      ],
    ],
    [
      'msg="it \\"works\\" \\\\o/" x',
      [
        ['msg', 'it "works" \\o/'],
        ['x', undefined],
      ],
    ],
    ['a="\\n\\r\\t\\b\\f\\/\\u00e9\\q"', [['a', '\n\r\t\b\f/é\\q']]],
    [
      'a="\\ud83d\\ude80" b="\\ud83d"',
      [
        ['a', '🚀'],
        ['b', '\\ud83d'],
      ],
    ],
    [
      'a= b="" c',
      [
        ['a', ''],
        ['b', ''],
        ['c', undefined],
      ],
    ],
    [
      'url=https://x/?a=b&c=d e==',
      [
        ['url', 'https://x/?a=b&c=d'],
        ['e', '='],
      ],
    ],
    [
      'a="b"c d',
      [
        ['a', 'b'],
        ['c', undefined],
        ['d', undefined],
      ],
    ],
    [
      '="x" a=1',
      [
        ['"x"', undefined],
        ['a', '1'],
      ],
    ],
    [
      'a=b"c" ünï=ö',
      [
        ['a', 'b"c"'],
        ['ünï', 'ö'],
      ],
    ],
    [
      '__proto__=1 constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
    ['', []],
    [' = == ', []],
  ])('%j is read', (text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(scanKeyValues(text)).toMatchObject({ isCut: false, end: text.length });
  });

  it('say whether they stood in quotes, and whether the last one was cut', () => {
    expect(scanKeyValues('a="7" b=7').pairs.map(({ isQuoted }) => isQuoted)).toEqual([true, false]);
    for (const text of ['a="7', 'a="7\\"', 'a="7\\'])
      expect(scanKeyValues(text)).toMatchObject({ isCut: true, end: text.length });
    expect(read('a="7\\')).toEqual([['a', '7\\']]);
    expect(scanKeyValues('xa=1', 1).pairs).toEqual([
      { key: 'a', value: '1', isQuoted: false, begin: 1, end: 4 },
    ]);
  });

  it('have an end to their number', () => {
    const { pairs, end } = scanKeyValues('a=1 '.repeat(MAX_PAIRS + 1));
    expect(pairs).toHaveLength(MAX_PAIRS);
    expect(end).toBe(MAX_PAIRS * 4);
  });

  it('come back from what was written, whatever the values are', () => {
    const key = fc.stringMatching(/^[a-z_.]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.string({ unit: 'grapheme' })), { maxLength: 20 }), (members) => {
        const text = members.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
        expect(read(text)).toEqual(members);
      }),
    );
  });
});
