import { describe, expect, it } from 'vitest';
import type { AggregateQuery, Filter, Metric, StreamSpec } from '#plugin-kit';
import { makeEventType, makeField } from '#plugin-kit/testing';
import { planAggregate } from './aggregate-plan.js';
import { rolledSpan, rollUpFor } from './aggregate-roll-up.js';
import { renderStatement } from './aggregate-statement.js';
import { BoundValues } from './bound-values.js';

const MINUTE = 60_000_000_000n;
const eventType = makeEventType({
  fields: [
    makeField({ name: 'region', type: 'keyword' }),
    makeField({ name: 'size', type: 'uint64' }),
    makeField({ name: 'user', type: 'string' }),
    makeField({ name: 'host_name', type: 'string' }),
  ],
  rollUps: [
    { name: 'by_level', by: ['level', 'service'] },
    { name: 'by_region', by: ['region'] },
    { name: 'users_by_zone', by: ['service'], unique: ['user'] },
  ],
});
const stream: StreamSpec = { tenant: 'acme', name: 'orders', eventType, keepRaw: 'when_needed' };
const everything: Filter = { kind: 'all', of: [] };
const count: Metric = { name: 'count', function: 'count' };
const DAY = 86_400;

function users(more: { readonly field?: string; readonly exact?: boolean } = {}): Partial<AggregateQuery> {
  const metric: Metric = { name: 'u', function: 'unique', field: 'user', exact: false, ...more };
  return { metrics: [metric], orderBy: 'u' };
}

function question(more: Partial<AggregateQuery> = {}): AggregateQuery {
  const selection = { tenant: 'acme', streams: [stream], from: 0n, to: 10n * MINUTE, filter: everything };
  const shape = {
    metrics: [count],
    groupBy: [],
    fill: false,
    limit: 10,
    orderBy: 'count',
    order: 'desc' as const,
  };
  return { ...selection, timeoutMs: 1_000, ...shape, ...more };
}

describe('a statement', () => {
  it.each(["'", '`', '\\', '{p0:String}', '/**/', '\0', "') UNION ALL SELECT 1 --", 'g0', '__proto__'])(
    'never has %j of a request in its text',
    (name) => {
      const text = `x${name}x`;
      const values = new BoundValues();
      const metrics: Metric[] = [
        { name: text, function: 'unique', field: text, exact: true },
        { name: 'sum', function: 'sum', field: text },
      ];
      const filter: Filter = { kind: 'equals', field: text, values: [text] };
      const asked = { metrics, filter, groupBy: [text], orderBy: text, intervalSeconds: 60 };
      const statement = renderStatement(planAggregate(question(asked)), values);
      expect(statement).not.toContain(text);
      expect(Object.values(values.parameters)).toContain(text);
    },
  );

  it('gives all metrics of one field the same column', () => {
    const metrics = (['sum', 'avg', 'max'] as const).map((name): Metric => ({
      name,
      function: name,
      field: 'size',
    }));
    const plan = planAggregate(question({ metrics, orderBy: 'sum' }));
    expect(plan.operandNames).toEqual(['_v0', '_v0', '_v0']);
    expect(renderStatement(plan, new BoundValues()).match(/`size` AS _v\d/g)).toHaveLength(1);
  });

  it('has columns of another tenant or stream nowhere', () => {
    const streams = [stream, { ...stream, name: 'more' }];
    const statement = renderStatement(planAggregate(question({ streams })), new BoundValues());
    expect(statement.match(/FROM `[^`]+`\.`[^`]+`/g)).toEqual([
      'FROM `tenant_acme`.`roll_up.orders.by_level`',
      'FROM `tenant_acme`.`roll_up.more.by_level`',
    ]);
  });
});

describe('a roll-up', () => {
  const level: Filter = { kind: 'level', words: ['error'] };
  it.each<[name: string, more: Partial<AggregateQuery>, expected: string | undefined]>([
    ['a count of all', {}, 'by_level'],
    ['a count by its fields', { groupBy: ['service', 'level'], intervalSeconds: 120 }, 'by_level'],
    ['a count by the stream', { groupBy: ['stream'] }, 'by_level'],
    ['a count by the other one', { groupBy: ['region'] }, 'by_region'],
    ['a filter on its fields', { filter: { kind: 'not', of: { kind: 'any', of: [level] } } }, 'by_level'],
    ['fields of both', { groupBy: ['region'], filter: level }, undefined],
    ['another field', { groupBy: ['host'] }, undefined],
    ['a filter on another field', { filter: { kind: 'words', words: ['x'] } }, undefined],
    ['a filter on the time', { filter: { kind: 'range', field: 'timestamp', from: 0 } }, undefined],
    ['half a minute', { intervalSeconds: 90 }, undefined],
    ['another metric', { metrics: [count, { name: 's', function: 'sum', field: 'size' }] }, undefined],
    ['distinct values', users(), 'users_by_zone'],
    ['distinct values and a count', { metrics: [count, ...(users().metrics ?? [])] }, 'users_by_zone'],
    ['distinct values by day', { ...users(), intervalSeconds: 2 * DAY }, 'users_by_zone'],
    ['distinct values by its field', { ...users(), groupBy: ['service'] }, 'users_by_zone'],
    ['distinct values by another field', { ...users(), groupBy: ['region'] }, undefined],
    ['distinct values by hour', { ...users(), intervalSeconds: 3_600 }, undefined],
    ['distinct values that are to be exact', users({ exact: true }), undefined],
    ['distinct values of another field', users({ field: 'host_name' }), undefined],
    ['a count of a field', { metrics: [{ name: 'c', function: 'count', field: 'level' }] }, undefined],
  ])('for %s', (_name, more, expected) => {
    expect(rollUpFor(question(more), stream)?.name).toBe(expected);
  });

  it.each([
    [0n, 2n * MINUTE, [0n, 2n * MINUTE], []],
    [
      1n,
      2n * MINUTE + 5n,
      [MINUTE, 2n * MINUTE],
      [
        [1n, MINUTE],
        [2n * MINUTE, 2n * MINUTE + 5n],
      ],
    ],
    [MINUTE - 1n, 2n * MINUTE, [MINUTE, 2n * MINUTE], [[MINUTE - 1n, MINUTE]]],
  ])('cuts %s to %s at minutes', (from, to, whole, edges) => {
    const span = rolledSpan(question({ from, to }), stream);
    expect([span?.whole.from, span?.whole.to]).toEqual(whole);
    expect(span?.edges.map((edge) => [edge.from, edge.to])).toEqual(edges);
  });

  it('is not asked where no whole minute lies in the range', () => {
    expect(rolledSpan(question({ from: 1n, to: 2n * MINUTE - 1n }), stream)).toBeUndefined();
    expect(planAggregate(question({ from: 1n, to: MINUTE })).isCounted).toBe(false);
  });
});
