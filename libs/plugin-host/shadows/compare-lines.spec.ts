import { describe, expect, it } from 'vitest';
import { compareCanonical } from './compare-lines.js';

const event = (fields: object): string => JSON.stringify({ message: 'a', ...fields, parser: 'p' });
const refused = (reason: string): string => `\u0001${reason}\u0002p`;

describe('two readings of a line', () => {
  it.each([
    ['the same bytes', event({ n: 1 }), event({ n: 1 }), 'equal', []],
    ['the same fields in another order', '{"a":1,"b":2}', '{"b":2,"a":1}', 'equal', []],
    ['another value', event({ n: 1 }), event({ n: '1' }), 'changed', [{ field: 'n', from: 1, to: '1' }]],
    ['a field more', event({}), event({ n: null }), 'changed', [{ field: 'n', to: null }]],
    ['a field less', event({ n: 0 }), event({}), 'changed', [{ field: 'n', from: 0 }]],
    [
      'integers that a number does not hold',
      '{"n":9007199254740993}',
      '{"n":9007199254740992}',
      'changed',
      [{ field: 'n', from: '9007199254740993', to: '9007199254740992' }],
    ],
    [
      'another reason',
      refused('one'),
      refused('two'),
      'changed',
      [{ field: 'reason', from: 'one', to: 'two' }],
    ],
    ['the same reason', refused('one'), '\u0001one', 'equal', []],
    ['only the second one', refused('one'), event({}), 'newly_read', []],
    ['only the first one', event({}), refused('one'), 'newly_refused', []],
    ['a line that is no JSON', event({}), '{no', 'newly_refused', []],
    [
      'a key that is every object\u2019s',
      '{"__proto__":1}',
      '{}',
      'changed',
      [{ field: '__proto__', from: 1 }],
    ],
  ])('of %s', (_what, from, to, ...[outcome, changes]) => {
    expect(compareCanonical(from, to)).toEqual({ outcome, changes });
    expect(({} as Record<string, unknown>)['n']).toBeUndefined();
  });
});
