import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseEventId, parseTime } from '#event-model';
import type { AskedStream, EventPosition, EventQuery, Filter, Metric, ScanPiece } from '#plugin-kit';
import type { ClickHouseTier } from '../clickhouse-tier.js';
import { DAY_NS, DAYS, START, type Twins } from './archived-twin.js';

const equals = (field: string, ...values: (string | number | boolean)[]): Filter => ({
  kind: 'equals',
  field,
  values,
});
const LEAVES: readonly Filter[] = [
  { kind: 'all', of: [] },
  { kind: 'level', words: ['error', 'ODD'] },
  equals('service', 'a', 'c d'),
  equals('status', 404),
  equals('ok', true),
  equals('trace_id', '11111111111111111111111111111110'),
  equals('free', '1'),
  equals('free.deep', '["x",1]'),
  equals('a_keyword', 'k1'),
  { kind: 'words', words: ['ORDER', 'placed'] },
  { kind: 'phrase', field: 'message', text: 'order lost' },
  { kind: 'contains', field: 'message', text: '/b?x' },
  { kind: 'contains', field: 'user_id', text: 'U1' },
  { kind: 'wildcard', field: 'message', pattern: 'us?r' },
  { kind: 'range', field: 'latency_ms', from: 2, below: 8 },
  { kind: 'range', field: 'a_int64', above: 1_050 },
  { kind: 'exists', field: 'a_bool' },
  { kind: 'exists', field: 'raw' },
];
const leaf = fc.constantFrom(...LEAVES);
const filterArbitrary = fc.oneof(
  { arbitrary: leaf, weight: 3 },
  leaf.map((of): Filter => ({ kind: 'not', of })),
  fc.tuple(leaf, leaf).map((of): Filter => ({ kind: 'any', of })),
);
const momentArbitrary = fc
  .tuple(fc.integer({ min: -1, max: DAYS }), fc.constantFrom(0n, 1n, DAY_NS / 2n, DAY_NS - 1n))
  .map(([day, within]) => START + BigInt(day) * DAY_NS + within);
const METRICS: readonly Metric[] = [
  { name: 'n', function: 'count' },
  { name: 'users', function: 'unique', field: 'user_id', exact: false },
  { name: 'frees', function: 'unique', field: 'free', exact: true },
  { name: 'sum', function: 'sum', field: 'status' },
  { name: 'avg', function: 'avg', field: 'latency_ms' },
  { name: 'last', function: 'max', field: 'timestamp' },
  { name: 'p50', function: 'percentile', field: 'status', percentile: 50 },
];
export const questionArbitrary = fc.record({
  range: fc
    .tuple(momentArbitrary, momentArbitrary)
    .map(([a, b]) => ({ from: a < b ? a : b, to: (a < b ? b : a) + 1n })),
  which: fc.subarray([0, 1], { minLength: 1 }),
  filter: filterArbitrary,
  order: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.constantFrom(1, 7, 50),
  groupBy: fc.subarray(['service', 'level', 'status', 'free', 'a_keyword'], { maxLength: 2 }),
  interval: fc.constantFrom(undefined, undefined, 3_600, 86_400, 2 * 86_400),
  metrics: fc.shuffledSubarray([...METRICS], { minLength: 1, maxLength: 3 }),
});
export type TwinQuestion = Omit<typeof questionArbitrary extends fc.Arbitrary<infer S> ? S : never, never>;

/** Asks both tenants all that can be asked: each answer must be the same but for the tenant's name. */
export async function expectSameAnswers(
  tier: ClickHouseTier,
  twins: Twins,
  question: TwinQuestion,
): Promise<void> {
  const ask = (streams: readonly AskedStream[]) =>
    askAll(
      tier,
      question,
      question.which.flatMap((n) => streams[n] ?? []),
    );
  const [kept, moved] = [await ask(twins.whole), await ask(twins.archived)];
  expect(asKept(moved)).toEqual(asKept(kept));
}

/** An answer as JSON has it, with the name of the other tenant. */
export function asKept(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll('moved', 'kept'));
}

async function askAll(tier: ClickHouseTier, question: TwinQuestion, streams: readonly AskedStream[]) {
  const { range, filter, order, limit, groupBy, interval, metrics } = question;
  const tenant = streams[0]?.tenant ?? '';
  const selection = { tenant, streams, ...range, filter, timeoutMs: 60_000 };
  const figures = await tier.aggregate({
    ...{ ...selection, metrics, groupBy, order, fill: false, limit: 20, orderBy: metrics[0]?.name ?? '' },
    ...(interval !== undefined && { intervalSeconds: interval }),
  });
  return {
    pages: await pagesOf(tier, { ...selection, order, limit, total: 'exact' }),
    scanned: await textOf(tier.scan({ ...selection, order })),
    buckets: figures.buckets.map(({ time, ...rest }) => ({ time: String(time), ...rest })),
  };
}

/** Two pages, one behind the other. */
async function pagesOf(tier: ClickHouseTier, query: EventQuery) {
  const { events, more, total } = await tier.search(query);
  const last = events.at(-1);
  const after = last && positionOf(last);
  const next = after && (await tier.search({ ...query, after }));
  return [{ events, more, total }, next && { events: next.events, more: next.more, total: next.total }];
}

function positionOf(event: { readonly event_id: string; readonly timestamp: string }): EventPosition {
  const place = parseEventId(event.event_id);
  if (!place) throw new Error(`${event.event_id} is no id of an event.`);
  return { timestamp: parseTime(event.timestamp) ?? 0n, ...place };
}

export async function textOf(pieces: AsyncIterable<ScanPiece>): Promise<string> {
  const texts: string[] = [];
  for await (const { lines } of pieces) texts.push(Buffer.from(lines).toString());
  return texts.join('');
}
