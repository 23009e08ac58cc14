import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TooManyGroupsError, type AggregateQuery } from '#plugin-kit';
import { tableNames } from './schema/names.js';
import { aggregateEvents } from './search/aggregate.js';
import { makeQuestion } from './testing/aggregate-question.js';
import { openTier, type TierUnderTest } from './testing/open-tier.js';

const USERS = 1_000_000;
let open: TierUnderTest;

/** Every event has a user of its own, and every tenth of them a second event. */
beforeAll(async () => {
  open = await openTier();
  const { stream } = tableNames('default', 'default');
  const columns =
    "toDateTime64('2026-11-20 10:00:00', 9, 'UTC') + toIntervalSecond(number % 3600) AS timestamp";
  const users = `concat('user-', leftPad(toString(number % ${USERS}), 7, '0')) AS user_id`;
  await open.engine.run(
    `INSERT INTO ${stream} (timestamp, user_id) SELECT ${columns}, ${users} FROM numbers(${USERS + USERS / 10})`,
    { lane: 'write' },
  );
}, 120_000);
afterAll(() => open.close());

function question(more: Partial<AggregateQuery>): AggregateQuery {
  return makeQuestion(open.stream, { limit: 2, ...more });
}

const unique = [{ name: 'n', function: 'unique', field: 'user_id', exact: true }] as const;

describe('a question of a million groups', { timeout: 120_000 }, () => {
  it('is answered beyond the memory that it may have, on disk', async () => {
    const { buckets } = await aggregateEvents(
      { engine: open.engine, memoryBytes: 600e6 },
      question({ groupBy: ['user_id'] }),
    );
    expect(buckets.map(({ group, values }) => [...group, ...values])).toEqual([
      ['user-0000000', 2],
      ['user-0000001', 2],
    ]);
  });

  it('is refused with how to mend it where nothing can go to disk', async () => {
    const asked = aggregateEvents({ engine: open.engine, memoryBytes: 60e6 }, question({ metrics: unique }));
    await expect(asked).rejects.toThrow(TooManyGroupsError);
    await expect(asked).rejects.toThrow(/without "exact"/);
    expect((await open.tier.aggregate(question({ metrics: unique }))).buckets[0]?.values).toEqual([USERS]);
  });

  it('counts distinct values within 2 % where they need not be exact', async () => {
    const metrics = [{ ...unique[0], exact: false }];
    const [bucket] = (await open.tier.aggregate(question({ metrics }))).buckets;
    expect(Math.abs(Number(bucket?.values[0]) / USERS - 1)).toBeLessThan(0.02);
  });

  it('is refused where its answer has too many buckets', async () => {
    const series = { groupBy: ['user_id'], intervalSeconds: 1, limit: 10_000, fill: true };
    await expect(open.tier.aggregate(question(series))).rejects.toThrow(/longer interval/);
    const all = { groupBy: ['user_id', 'timestamp'], intervalSeconds: 60, limit: 200_000 };
    await expect(open.tier.aggregate(question(all))).rejects.toThrow(TooManyGroupsError);
  });

  it('ends at its time limit, and with its caller', async () => {
    const late = open.tier.aggregate(question({ groupBy: ['user_id'], timeoutMs: 1 }));
    await expect(late).rejects.toMatchObject({ failure: 'timeout' });
    const signal = AbortSignal.timeout(5);
    await expect(open.tier.aggregate(question({ groupBy: ['user_id'] }), signal)).rejects.toThrow();
  });
});
