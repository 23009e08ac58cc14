import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '#plugin-kit';
import { Problem } from '../../problems/problem.js';
import { parseQuery } from './parse-query.js';

const NOON = Date.parse('2026-11-21T12:00:00Z');
const parse = (text: string): Filter => parseQuery(text, () => NOON);
const message = (text: string): Filter => ({ kind: 'match', field: 'message', text });
const match = (field: string, text: string): Filter => ({ kind: 'match', field, text });
const all = (...of: Filter[]): Filter => ({ kind: 'all', of });
const any = (...of: Filter[]): Filter => ({ kind: 'any', of });
const not = (of: Filter): Filter => ({ kind: 'not', of });
const range = (field: string, bounds: object): Filter => ({ kind: 'range', field, ...bounds });
const [a, b, c] = ['a', 'b', 'c'].map(message) as [Filter, Filter, Filter];

describe('a query', () => {
  it.each<[string, Filter]>([
    ['', all()],
    ['  ', all()],
    ['a', a],
    ['a b', all(a, b)],
    ['a AND b', all(a, b)],
    ['a && b', all(a, b)],
    ['a OR b', any(a, b)],
    ['a || b', any(a, b)],
    ['a||b', message('a||b')],
    ['a OR b AND c', any(a, all(b, c))],
    ['a b OR c', any(all(a, b), c)],
    ['(a OR b) c', all(any(a, b), c)],
    ['((a))', a],
    ['NOT a', not(a)],
    ['!a', not(a)],
    ['-a +b', all(not(a), b)],
    ['a AND NOT b', all(a, not(b))],
    ['NOT (a OR b) c', all(not(any(a, b)), c)],
    ['--a', not(not(a))],
    ['and or not', all(message('and'), message('or'), message('not'))],
    ['ANDROID', message('ANDROID')],
    ['a - b', all(a, message('-'), b)],
    ['"a b"', { kind: 'phrase', field: 'message', text: 'a b' }],
    ['"a \\" b" c', all({ kind: 'phrase', field: 'message', text: 'a " b' }, c)],
    ['10.0.0.1', message('10.0.0.1')],
    ['über:grüße', match('über', 'grüße')],
    ['user.name:x', match('user.name', 'x')],
    ['user.name: x', match('user.name', 'x')],
    ['"user name":x', match('user name', 'x')],
    ['a\\:b:c:d', match('a:b', 'c:d')],
    ['path:/api/orders', match('path', '/api/orders')],
    ['trace:a-b', match('trace', 'a-b')],
    ['f:-5', match('f', '-5')],
    ['f:a\\*b\\\\', match('f', 'a*b\\')],
    ['f:\\AND', match('f', 'AND')],
    ['f:"a phrase"', { kind: 'phrase', field: 'f', text: 'a phrase' }],
    ['level:"warn"', match('level', 'warn')],
    ['level:(error OR warn)', any(match('level', 'error'), match('level', 'warn'))],
    ['level:(error OR a:b)', any(match('level', 'error'), match('level', 'a:b'))],
    ['host:(web-1 -web-2)', all(match('host', 'web-1'), not(match('host', 'web-2')))],
    ['conn*', { kind: 'wildcard', field: 'message', pattern: 'conn*' }],
    ['f:a?\\*c', { kind: 'wildcard', field: 'f', pattern: 'a?\\*c' }],
    ['*', all()],
    ['*:*', all()],
    ['f:*', { kind: 'exists', field: 'f' }],
    ['_exists_:f.g', { kind: 'exists', field: 'f.g' }],
    ['f\\*:x', match('f*', 'x')],
    ['_exists_:"f g"', { kind: 'exists', field: 'f g' }],
    ['f:[1 TO 5]', range('f', { from: '1', to: '5' })],
    ['f:{1 TO 5}', range('f', { above: '1', below: '5' })],
    ['f:[1 TO 5}', range('f', { from: '1', below: '5' })],
    ['f:[* TO 5]', range('f', { to: '5' })],
    ['f:[ 1  TO  * ]', range('f', { from: '1' })],
    ['f:["a b" TO "c ]"]', range('f', { from: 'a b', to: 'c ]' })],
    ['f:>5', range('f', { above: '5' })],
    [
      'f:>=-1.5 f:<=18446744073709551615',
      all(range('f', { from: '-1.5' }), range('f', { to: '18446744073709551615' })),
    ],
    ['f:<"a b"', range('f', { below: 'a b' })],
    ['timestamp:>now-1h', range('timestamp', { above: '2026-11-21T11:00:00.000000000Z' })],
    [
      'timestamp:[2026-11-20 TO 2026-11-20]',
      range('timestamp', { from: '2026-11-20T00:00:00.000000000Z', below: '2026-11-21T00:00:00.000000000Z' }),
    ],
    ['timestamp:>2026-11-20', range('timestamp', { from: '2026-11-21T00:00:00.000000000Z' })],
    ['timestamp:<2026-11-20', range('timestamp', { below: '2026-11-20T00:00:00.000000000Z' })],
    [
      'timestamp:2026-11-20',
      range('timestamp', { from: '2026-11-20T00:00:00.000000000Z', below: '2026-11-21T00:00:00.000000000Z' }),
    ],
    [
      'observed_timestamp:"2026-11-20T00:00:00Z"',
      { kind: 'equals', field: 'observed_timestamp', values: ['2026-11-20T00:00:00.000000000Z'] },
    ],
    ['a~b c^d', all(message('a~b'), message('c^d'))],
    ['f:\\/a\\/', match('f', '/a/')],
    ['a\\~2', message('a~2')],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });
});

describe('a query with a mistake says where it is and what to write', () => {
  it.each<[string, number, string]>([
    ['f:/x.*/', 3, 'quote'],
    ['abc~', 4, 'wildcards'],
    ['f:abc~2', 6, 'wildcards'],
    ['"a b"~3', 6, 'wildcards'],
    ['abc^2', 4, 'order of time'],
    ['"a"^2', 4, 'order of time'],
    ['a OR', 5, 'value'],
    ['a AND', 6, 'value'],
    ['OR a', 1, '"OR"'],
    ['a AND OR b', 7, '"OR"'],
    ['(a', 1, ')'],
    ['a)', 2, '\\)'],
    ['()', 2, 'value'],
    ['f:', 3, 'value'],
    ['f:)', 3, 'value'],
    [':x', 2, 'status:500'],
    ['"a', 1, 'Close'],
    ['f:"a', 3, 'Close'],
    ['[1 TO 5]', 1, 'status:[500 TO 599]'],
    ['f:[1 TO 5', 3, '[1 TO 5]'],
    ['f:[1 5]', 3, '[1 TO 5]'],
    ['f:[1 TO ]', 9, '[1 TO 5]'],
    ['f:[1 TOO 5]', 3, '[1 TO 5]'],
    ['a f*:x', 3, 'user_id:u1'],
    ['f*:[1 TO 2]', 1, 'user_id:u1'],
    ['_exists_:f*', 10, 'user_id:u1'],
    ['timestamp:>soon', 12, 'now-15m'],
    ['('.repeat(21) + 'a' + ')'.repeat(21), 22, '20'],
    ['!'.repeat(30) + 'a', 22, '20'],
    [Array(201).fill('a').join(' '), 401, '200'],
  ])('%s', (text, position, mend) => {
    const problem = caught(() => parse(text));
    expect(problem?.toBody()).toMatchObject({
      status: 400,
      code: 'query_invalid',
      detail: expect.stringContaining(`at character ${position}.`),
      mend: expect.stringContaining(mend),
      errors: [{ path: 'query' }],
    });
  });

  it('and never fails in another way, nor takes long', () => {
    const sign = fc.constantFrom(
      ...'ab*?"\\:()[]{}<>=+-!&|~^/. ',
      ' TO ',
      ' AND ',
      ' OR ',
      'NOT ',
      '[1 TO 2]',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 40 }), (signs) => {
        try {
          parse(signs.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 2_000 },
    );
    for (const text of ['(', '"', '\\', '~1', '^1', '*', ' a', 'a:', '[1 TO '])
      caught(() => parse(text.repeat(4_000 / text.length)));
  });
});

function caught(work: () => unknown): Problem | undefined {
  try {
    work();
  } catch (error) {
    return error as Problem;
  }
  return undefined;
}
