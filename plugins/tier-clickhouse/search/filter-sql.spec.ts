import { describe, expect, it } from 'vitest';
import type { Filter, FilterValue, StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { BoundValues } from './bound-values.js';
import { renderFilter, renderWhere } from './filter-sql.js';
import { innerTokens, tokensOf } from './tokens.js';

const stream: StreamSpec = {
  tenant: 'acme',
  name: 'orders',
  keepRaw: 'when_needed',
  eventType: makeEventType({
    fields: [
      makeField(),
      makeField({ name: 'size', type: 'uint16' }),
      makeField({ name: 'done', type: 'bool' }),
    ],
  }),
};
const equals = (field: string, ...values: FilterValue[]): Filter => ({ kind: 'equals', field, values });

function render(filter: Filter): { readonly sql: string; readonly bound: readonly unknown[] } {
  const values = new BoundValues();
  const sql = renderFilter(filter, stream, values);
  return { sql, bound: Object.values(values.parameters) };
}

describe('a filter as a condition', () => {
  it.each([
    ["it's", 'state'],
    ["' OR 1 = 1", 'free'],
    ['x', "na'me"],
    ['{x:String}', 'a.b.c'],
    ['4bf9', 'trace_id'],
  ])('has %j of %j as bound values, never in its text', (value, field) => {
    const { sql, bound } = render(equals(field, value));
    expect(sql).not.toContain(value === 'x' ? field : value);
    expect(bound.flat()).toContain(value);
  });

  it('is always true for all of nothing, and never for any of nothing or no value', () => {
    const texts = [{ kind: 'all', of: [] } as Filter, { kind: 'any', of: [] } as Filter, equals('state')];
    expect(texts.map((filter) => render(filter).sql)).toEqual(['1', '0', '0']);
  });

  it.each([['x'], ['1 OR 1'], ['-1'], ['65536'], ['1.5'], ['1e3'], [''], [' 5'], [true]])(
    'finds nothing for %j in a column of small integers, and binds nothing',
    (value) => {
      expect(render(equals('size', value))).toEqual({ sql: '0', bound: [] });
    },
  );

  it('keeps the values that fit beside those that do not', () => {
    expect(render(equals('size', 'x', 0, '65535'))).toEqual({
      sql: '(size = {p0:UInt16} OR size = {p1:UInt16})'.replaceAll('size', '`size`'),
      bound: ['0', '65535'],
    });
    expect(render(equals('done', 'yes', true)).sql).toBe('ifNull(`done` IN (true), 0)');
  });

  it('matches a level by its severity, and an unknown word by itself', () => {
    expect(render({ kind: 'level', words: ['Warning', 'odd'] })).toMatchObject({ bound: [13, 'odd'] });
  });

  it('nests', () => {
    const filter: Filter = {
      kind: 'not',
      of: { kind: 'any', of: [equals('state', 'a'), { kind: 'all', of: [] }] },
    };
    expect(render(filter).sql).toBe('NOT ifNull((`state` IN {p0:Array(String)} OR 1), 0)');
  });
});

const HOSTILE = "x') OR 1=1 --{p0:String}`";
const hostileFilters: readonly Filter[] = [
  equals(HOSTILE, HOSTILE),
  { kind: 'match', field: HOSTILE, text: HOSTILE },
  { kind: 'level', words: [HOSTILE] },
  { kind: 'words', field: HOSTILE, words: [HOSTILE] },
  { kind: 'phrase', field: 'message', text: HOSTILE },
  { kind: 'contains', field: HOSTILE, text: HOSTILE },
  { kind: 'wildcard', field: 'message', pattern: `${HOSTILE}*` },
  { kind: 'wildcard', field: HOSTILE, pattern: HOSTILE },
  { kind: 'range', field: HOSTILE, above: HOSTILE, from: HOSTILE, below: HOSTILE, to: HOSTILE },
  { kind: 'range', field: 'timestamp', above: HOSTILE },
  { kind: 'exists', field: HOSTILE },
  { kind: 'not', of: equals('event_id', HOSTILE) },
];

describe('every kind of filter', () => {
  it.each(hostileFilters.map((filter) => [filter.kind, filter] as const))(
    'has its text bound, never in the statement: %s',
    (_kind, filter) => {
      expect(render(filter).sql).not.toMatch(/OR 1=1|--/);
    },
  );

  it('on tenant or stream compares with the one that is searched', () => {
    expect(render(equals('tenant', 'other'))).toEqual({
      sql: '{p0:String} IN {p1:Array(String)}',
      bound: ['acme', ['other']],
    });
  });

  it('stands behind the time range in the condition of a selection', () => {
    const values = new BoundValues();
    const sql = renderWhere({ from: 1n, to: 2n, filter: { kind: 'any', of: [] } }, stream, values);
    expect(sql).toBe(
      "timestamp >= fromUnixTimestamp64Nano({p0:Int64}, 'UTC') AND timestamp < fromUnixTimestamp64Nano({p1:Int64}, 'UTC') AND 0",
    );
    expect(Object.values(values.parameters)).toEqual(['1', '2']);
  });
});

describe('words', () => {
  it('in a piece are whole where something stands on both sides', () => {
    expect(innerTokens('ed while wai')).toEqual(['while']);
    expect(innerTokens(' timed out')).toEqual(['timed']);
    expect(innerTokens('reset')).toEqual([]);
  });

  it('that are short are not looked up first', () => {
    expect(innerTokens('set by the peer af')).toEqual(['peer']);
  });

  it('are cut as the index cuts them: at ASCII that is no letter or digit', () => {
    expect(tokensOf(['reset-by_peer', ' grüße! ', '10.0.0.1', '--', ''])).toEqual([
      'reset',
      'by',
      'peer',
      'grüße',
      '10',
      '0',
      '0',
      '1',
    ]);
  });
});
