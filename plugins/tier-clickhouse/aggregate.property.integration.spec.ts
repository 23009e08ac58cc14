import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AggregateQuery, Filter, Metric, StreamSpec } from '#plugin-kit';
import { randomCases } from '../../test/support/random-cases.js';
import { expectTopGroups } from './testing/expect-top-groups.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';
import { batchOf, EVERY_FIELD } from './testing/sample-events.js';
import { referenceBuckets, type SentEvent } from './testing/reference-aggregate.js';

/** Random questions of each kind. */
const QUESTIONS = randomCases({ few: 50, all: 150 });
const MINUTE = 60_000_000_000n;
const START = 1_795_000_000_000_000_000n;
const SPAN_MINUTES = 90;
/** Nanoseconds. Events lie in the same minutes of several days. */
const DAY = 1_440n * MINUTE;
const DAYS = [0n, 0n, 1n, 2n, 3n];
const LEVELS = ['INFO', 'info', 'ERROR', 'err', 'Warn', ' warning ', 'odd', 'ODD', 'öDD', ''];

let open: TierUnderTest;
let streams: readonly StreamSpec[];
const sent: SentEvent[] = [];

/** Events of three streams: two of one type, one whose type declares nothing, so that fields meet as attributes. */
beforeAll(async () => {
  open = await openTier();
  const plain = {
    ...EVERY_FIELD,
    name: 'plain',
    fields: [],
    rollUps: [{ name: 'by_service', by: ['service'] }],
  };
  const one = open.stream;
  streams = [one, { ...one, name: 'second' }, { ...one, name: 'plain', eventType: plain }];
  const events = fc.sample(fc.tuple(fc.constantFrom('default', 'second', 'plain'), eventArbitrary), {
    seed: 7,
    numRuns: 900,
  });
  for (const stream of streams) await open.tier.prepare(stream);
  for (let i = 0; i < events.length; i += 60) await store(events.slice(i, i + 60));
});
afterAll(() => open.close());

const eventArbitrary = fc.record(
  {
    ns: fc.oneof(
      fc.bigInt(0n, BigInt(SPAN_MINUTES) * MINUTE - 1n),
      // On a minute, and just before one.
      fc
        .integer({ min: 1, max: SPAN_MINUTES - 1 })
        .chain((minute) => fc.constantFrom(BigInt(minute) * MINUTE, BigInt(minute) * MINUTE - 1n)),
    ),
    day: fc.constantFrom(...DAYS.map((days) => days * DAY)),
    level: fc.constantFrom(...LEVELS),
    service: fc.constantFrom('a', 'b', 'c d', "e'", ''),
    status: fc.constantFrom(200, 404, 500),
    latency_ms: fc.integer({ min: -400, max: 4_000 }).map((quarter) => quarter / 4),
    user_id: fc.constantFrom('u1', 'u2', 'u3', 'ü'),
    ok: fc.boolean(),
    free: fc.constantFrom<unknown>(1, '1', 1.5, true, 'x"\\y/', -7, 'ä'),
  },
  { requiredKeys: ['ns', 'day'] },
);

async function store(
  events: readonly [string, { ns: bigint; day: bigint; [field: string]: unknown }][],
): Promise<void> {
  for (const stream of streams) {
    const own = events
      .filter(([name]) => name === stream.name)
      .map(([, { ns, day, ...fields }]) => ({ stream: stream.name, ns: START + day + ns, fields }));
    if (own.length === 0) continue;
    sent.push(...own);
    const lines = own.map(({ ns, fields }) =>
      `{"timestamp":"${ns}",${JSON.stringify(fields).slice(1)}`.replace(',}', '}'),
    );
    const report = await open.tier.insert(batchOf(stream, lines));
    expect([report.stored, report.quarantined]).toEqual([own.length, []]);
  }
}

const filterArbitrary: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter; leaf: Filter }>((tie) => ({
  leaf: fc.oneof(
    fc
      .subarray([...LEVELS.filter((level) => level !== ''), 'fatal'], { minLength: 1, maxLength: 3 })
      .map((words): Filter => ({ kind: 'level', words })),
    fc
      .subarray(['a', 'b', 'c d', "e'", 'z'], { maxLength: 3 })
      .map((values): Filter => ({ kind: 'equals', field: 'service', values })),
  ),
  filter: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('filter'), { maxLength: 2 }).map((of): Filter => ({ kind: 'all', of })),
    tie('filter').map((of): Filter => ({ kind: 'not', of })),
  ),
})).filter;

const rangeArbitrary = fc
  .tuple(
    fc.integer({ min: -5, max: SPAN_MINUTES + 5 }),
    fc.integer({ min: -5, max: SPAN_MINUTES + 5 }),
    fc.constantFrom(0n, 0n, 1n, 30_000_000_007n, MINUTE - 1n),
    fc.constantFrom(0n, 1n, 12_345_678_901n),
    fc.constantFrom([0n, 0n], [0n, 1n], [1n, 3n], [-40n, 4n]),
  )
  .map(([a, b, more, less, [first = 0n, last = 0n]]) => ({
    from: START + first * DAY + BigInt(Math.min(a, b)) * MINUTE + more,
    to: START + last * DAY + BigInt(Math.max(a, b)) * MINUTE + less,
  }))
  .filter(({ from, to }) => from < to);

const streamsArbitrary = fc.subarray([0, 1, 2], { minLength: 1 });

const COUNT: Metric = { name: 'n', function: 'count' };
/** Few enough values for the approximate function to be exact. */
const USERS: Metric = { name: 'users', function: 'unique', field: 'user_id', exact: false };
const METRICS: readonly Metric[] = [
  COUNT,
  ...(['sum', 'avg', 'min', 'max'] as const).flatMap((name) =>
    ['latency_ms', 'status', 'free'].map((field): Metric => ({
      name: `${name}_${field}`,
      function: name,
      field,
    })),
  ),
  ...['user_id', 'free', 'status', 'service', 'ok', 'level'].flatMap((field): Metric[] => [
    { name: `has_${field}`, function: 'count', field },
    { name: `unique_${field}`, function: 'unique', field, exact: true },
  ]),
  { name: 'first', function: 'min', field: 'timestamp' },
  { name: 'last', function: 'max', field: 'timestamp' },
];

const shapeArbitrary = fc.record({
  range: rangeArbitrary,
  which: streamsArbitrary,
  filter: filterArbitrary,
  groupBy: fc.subarray(['service', 'level', 'status', 'free', 'ok', 'stream', 'user_id'], { maxLength: 2 }),
  interval: fc.constantFrom(undefined, undefined, 1, 7, 60, 300, 3_600, 90, 86_400, 3 * 86_400),
  limit: fc.integer({ min: 1, max: 12 }),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  metrics: fc.shuffledSubarray([...METRICS], { minLength: 1, maxLength: 4 }),
});

type Shape = Omit<typeof shapeArbitrary extends fc.Arbitrary<infer S> ? S : never, never>;

function queryOf({ range, which, interval, metrics, ...shape }: Shape): AggregateQuery {
  const chosen = which.flatMap((index) => streams[index] ?? []);
  const selection = { tenant: 'default', streams: chosen, ...range, timeoutMs: 20_000 };
  const time = interval === undefined ? {} : { intervalSeconds: interval };
  return { ...selection, ...shape, ...time, metrics, fill: false, orderBy: metrics[0]?.name ?? '' };
}

it('answers random questions as the events themselves do', { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(shapeArbitrary, async (shape) => {
    const query = queryOf(shape);
    const reference = referenceBuckets(query, sent);
    const { buckets } = await open.tier.aggregate(query);
    const known = new Map(reference.map((bucket) => [idOf(bucket), bucket]));
    if (reference.length > 0 || query.groupBy.length > 0)
      for (const bucket of buckets) expectClose(bucket.values, known.get(idOf(bucket))?.values ?? []);
    const totals =
      query.intervalSeconds === undefined ? reference : referenceBuckets(withoutInterval(query), sent);
    if (query.groupBy.length > 0) expectTopGroups(query, buckets, totals);
    else if (reference.length > 0) expect(buckets.length).toBe(reference.length);
  });
  await fc.assert(property, { numRuns: QUESTIONS, seed: 4 });
});

it('counts the same from roll-ups as from events, and says which', { timeout: 120_000 }, async () => {
  let rolled = 0;
  const property = fc.asyncProperty(
    shapeArbitrary,
    fc.subarray(['service', 'level', 'stream'], { maxLength: 2 }),
    async (shape, groupBy) => {
      if (await isRolledAlike(queryOf({ ...shape, groupBy, metrics: [COUNT] }))) rolled += 1;
    },
  );
  await fc.assert(property, { numRuns: QUESTIONS, seed: 5 });
  expect(rolled).toBeGreaterThan(QUESTIONS / 3);
});

it('counts the same distinct values from roll-ups by day as from events', { timeout: 120_000 }, async () => {
  let rolled = 0;
  const property = fc.asyncProperty(
    shapeArbitrary,
    fc.record({
      which: fc.subarray([0, 1], { minLength: 1 }),
      groupBy: fc.subarray(['service' as const, 'stream' as const], { maxLength: 2 }),
      metrics: fc.constantFrom<Metric[]>([USERS], [USERS, COUNT], [COUNT, USERS]),
      interval: fc.constantFrom(undefined, 86_400 as const, (3 * 86_400) as 259_200),
      filter: fc.constant<Filter>({ kind: 'all', of: [] }),
    }),
    async (shape, more) => {
      if (await isRolledAlike(queryOf({ ...shape, ...more }))) rolled += 1;
    },
  );
  await fc.assert(property, { numRuns: QUESTIONS, seed: 6 });
  expect(rolled).toBeGreaterThan(0.3 * QUESTIONS);
});

/** Asks with and without roll-ups, whose buckets must be the same. Whether the first answer came from one. */
async function isRolledAlike(query: AggregateQuery): Promise<boolean> {
  const fromEvents = query.streams.map((stream) => ({
    ...stream,
    eventType: { ...stream.eventType, rollUps: [] },
  }));
  const [either, events] = await Promise.all([
    open.tier.aggregate(query),
    open.tier.aggregate({ ...query, streams: fromEvents }),
  ]);
  expect(events.source).toBe('events');
  expect(either.buckets).toEqual(events.buckets);
  return either.source === 'roll_up';
}

function withoutInterval(query: AggregateQuery): AggregateQuery {
  const whole = { ...query };
  Reflect.deleteProperty(whole, 'intervalSeconds');
  return whole;
}

function idOf({
  time,
  group,
}: {
  readonly time?: bigint | undefined;
  readonly group: readonly unknown[];
}): string {
  return JSON.stringify([String(time), group]);
}

function expectClose(found: readonly unknown[], expected: readonly unknown[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of found.entries()) {
    if (typeof value === 'number') expect(value).toBeCloseTo(Number(expected[i]), 6);
    else expect(value).toEqual(expected[i]);
  }
}
