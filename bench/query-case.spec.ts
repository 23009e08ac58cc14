import { describe, expect, it } from 'vitest';
import { checkFigures, checkPage, metricOf } from './query-case.js';
import { Newest, QueryReference } from './query-reference.js';

const newest = (...times: number[]): Newest => {
  const list = new Newest(2);
  for (const ms of times) list.add(ms);
  return list;
};
const page = (total: number, ...times: number[]) => ({
  total,
  logs: times.map((ms) => ({ timestamp: new Date(ms).toISOString(), event_id: 'x' })),
});

describe('an answer', () => {
  it('is right only with exactly the newest events and the total', () => {
    expect(checkPage(page(3, 9, 5), newest(1, 5, 9))).toBe('');
    expect(checkPage({ ...page(2, 9, 5), total_is_exact: false }, newest(1, 5, 9))).toBe('');
    expect(checkPage(page(3, 9, 1), newest(1, 5, 9))).toContain('newest');
    expect(checkPage(page(2, 9, 5), newest(1, 5, 9))).toContain('total');
  });

  it('is right only with figures that are not off by more than they may be', () => {
    expect(checkFigures([100, 7], [100, 7])).toBe('');
    expect(checkFigures([99], [100], 0.02)).toBe('');
    expect(checkFigures([97], [100], 0.02)).toBe('97 where 100 is right');
    expect(checkFigures([Number.NaN], [100])).toContain('NaN');
    expect(checkFigures([1], [1, 2])).toContain('not 2');
    expect(metricOf({ buckets: [{ group: {}, metrics: { n: 3 } }] }, 'n')).toEqual([3]);
  });
});

it('the reference finds what the queries ask for', () => {
  const event = {
    timestamp: '2026-11-20T10:00:00.000Z',
    ...{ level: 'ERROR', service: 'a', host: 'h', user_id: 'u', trace_id: 't', latency_ms: 4 },
    message: 'Connection reset by peer zanzibar',
  };
  const endMs = Date.parse('2026-11-20T10:30:00Z');
  const data = { lines: [], startMs: endMs - 86_400_000, endMs, rareWord: 'zanzibar' };
  const reference = new QueryReference(data);
  const lines = [event, { ...event, latency_ms: 8, user_id: 'v' }].map((each) => JSON.stringify(each));
  expect([...reference.through(lines)]).toEqual(lines);
  expect([reference.events, reference.phrases, reference.substrings, reference.rare.total]).toEqual([
    2, 2, 2, 2,
  ]);
  expect([reference.newestServiceErrors.total, reference.ofUser.total, reference.users.size]).toEqual([
    2, 1, 2,
  ]);
  const [bucket = ''] = reference.latencies.keys();
  expect([reference.meanLatency(bucket), reference.latencyRange(bucket, 0.5, 0)]).toEqual([6, [4, 8]]);
});
