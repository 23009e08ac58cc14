import { describe, expect, it } from 'vitest';
import { inlineValues } from './inline-values.js';

describe('a statement with its values', () => {
  it('has each as a cast of a literal', () => {
    expect(
      inlineValues('SELECT {a:String}, {n:UInt64} IN {l:Array(String)}', { a: 'x-1', n: 7, l: ['b', 'c'] }),
    ).toBe("SELECT _CAST('x-1', 'String'), _CAST('7', 'UInt64') IN _CAST(['b', 'c'], 'Array(String)')");
  });

  it.each(["'", '\\', '\0', '\n', 'ü', '😀', "') OR 1=1 --", '/**/', '{b:String}', '`', '’', ' '])(
    'lets %j not end its literal',
    (payload) => {
      const statement = inlineValues('SELECT {a:String}', { a: payload, b: 'other' });
      expect(statement).toMatch(/^SELECT _CAST\('(?:[\w.-]|\\x[0-9a-f]{2})*', 'String'\)$/);
      const bytes = statement.slice(14, -12).replaceAll(/\\x(..)/g, (_all, hex: string) => `%${hex}`);
      expect(decodeURIComponent(bytes)).toBe(payload);
    },
  );

  it('has no value where the list is empty', () => {
    expect(inlineValues('{l:Array(String)}', { l: [] })).toBe("_CAST([], 'Array(String)')");
  });

  it('is refused where a value is missing, also one that every object has', () => {
    expect(() => inlineValues('SELECT {a:String}', {})).toThrow('not given: a');
    expect(() => inlineValues('SELECT {constructor:String}', {})).toThrow('not given: constructor');
  });

  it('keeps braces that are no placeholder', () => {
    expect(inlineValues(`SELECT '{"a": 1}'`)).toBe(`SELECT '{"a": 1}'`);
  });
});
