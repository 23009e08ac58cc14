import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter, StreamSpec } from '#plugin-kit';
import { openTier, type TierUnderTest } from '../../plugins/tier-clickhouse/testing/open-tier.js';
import { batchOf } from '../../plugins/tier-clickhouse/testing/sample-events.js';
import { randomCases } from '../support/random-cases.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';

/** Questions asked; `ALLUVIUM_TENANT_TRIES=100000` asks as many as the promise names. */
const TRIES = Number(process.env['ALLUVIUM_TENANT_TRIES'] ?? randomCases({ few: 1_000, all: 4_000 }));
/** Questions in one statement, joined by "or": a foreign row that any of them found would be in the answer. */
const AT_ONCE = 20;

const field = fc.constantFrom(
  'message',
  'user_id',
  'owner',
  'tenant',
  'stream',
  'source',
  'event_id',
  'level',
  'status',
  'timestamp',
  'a.b',
  'region',
);
const text = fc.oneof(
  fc.constantFrom('acme', 'bolt', 'default', 'tenant_bolt', '*'),
  fc.constantFrom(...HOSTILE_TEXTS),
);
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    kind: fc.constant('equals' as const),
    field: fc.oneof(field, text),
    values: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constantFrom('match' as const, 'phrase' as const, 'contains' as const), field, text }),
  fc.record({ kind: fc.constant('wildcard' as const), field, pattern: text }),
  fc.record({ kind: fc.constant('words' as const), field, words: fc.array(text, { maxLength: 2 }) }),
  fc.record(
    { kind: fc.constant('range' as const), field, from: text, below: text },
    { requiredKeys: ['kind', 'field'] },
  ),
  fc.record({ kind: fc.constant('exists' as const), field }),
  fc.record({ kind: fc.constant('level' as const), words: fc.array(text, { maxLength: 2 }) }),
);
const question: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((of): Filter => ({ kind: 'not', of })) },
  {
    weight: 1,
    arbitrary: fc.array(leaf, { minLength: 1, maxLength: 3 }).map((of): Filter => ({ kind: 'all', of })),
  },
);

let open: TierUnderTest;
const streamOf = (tenant: string): StreamSpec => ({ ...open.stream, tenant, name: 'shared' });

beforeAll(async () => {
  open = await openTier();
  for (const tenant of ['acme', 'bolt']) {
    const events = HOSTILE_TEXTS.slice(0, 40).map((message) =>
      JSON.stringify({ message, user_id: tenant, owner: tenant, level: 'info' }),
    );
    await open.tier.prepare(streamOf(tenant));
    await open.tier.insert(batchOf(streamOf(tenant), events));
  }
});
afterAll(() => open.close());

describe(`two tenants with a stream of one name, in ${TRIES} random questions`, () => {
  it('never see a row of each other', async () => {
    const streams = { acme: streamOf('acme'), bolt: streamOf('bolt') };
    let [asked, seen] = [0, 0];
    const ask = async (tenant: 'acme' | 'bolt', of: readonly Filter[]): Promise<void> => {
      const filter: Filter = { kind: 'any', of };
      const selection = { tenant, streams: [streams.acme, streams.bolt], filter, from: 0n, to: 2n ** 62n };
      const page = await open.tier.search({ ...selection, order: 'asc', limit: 1_000, timeoutMs: 20_000 });
      for (const event of page.events)
        expect([event.tenant, event['attributes']]).toEqual([tenant, { owner: tenant }]);
      asked += of.length;
      seen += page.events.length;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('acme' as const, 'bolt' as const),
        fc.array(question, { minLength: AT_ONCE, maxLength: AT_ONCE }),
        ask,
      ),
      { numRuns: Math.ceil(TRIES / AT_ONCE), seed: Number(process.env['ALLUVIUM_FUZZ_SEED']) || 2026 },
    );
    expect(asked).toBeGreaterThanOrEqual(TRIES);
    expect(seen).toBeGreaterThan(0);
  }, 3_600_000);
});
