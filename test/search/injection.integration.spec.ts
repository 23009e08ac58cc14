import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter } from '#plugin-kit';
import { openTier, type TierUnderTest } from '../../plugins/tier-clickhouse/testing/open-tier.js';
import { batchOf } from '../../plugins/tier-clickhouse/testing/sample-events.js';
import { logsQuerySchema, logsRequestSchema } from '../../apps/api/search/logs-request.schema.js';
import { readCursor } from '../../apps/api/search/search-cursor.js';
import { toSelection } from '../../apps/api/search/selection.js';
import type { SelectionRequest } from '../../apps/api/search/selection.schema.js';
import { takesAllCases } from '../support/random-cases.js';
import { HOSTILE_TEXTS } from './hostile-texts.js';
import { fits, type TextEvent } from './reference-filter.js';

const EVENTS: readonly TextEvent[] = HOSTILE_TEXTS.map((text) => ({
  message: text,
  user_id: text,
  tag: text,
}));
/** `constructor` is a name like any other. */
const STREAM_NAME = /^[a-z0-9][a-z0-9_-]*$/;
const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
const escaped = (text: string): string => text.replaceAll(/[^]/gu, '\\$&');

let open: TierUnderTest;
beforeAll(async () => {
  open = await openTier();
  await open.tier.insert(
    batchOf(
      open.stream,
      EVENTS.map((event) => JSON.stringify(event)),
    ),
  );
});
afterAll(() => open.close());

async function rowsOf(filter: Filter): Promise<string> {
  const selection = { tenant: open.stream.tenant, streams: [open.stream], from: 0n, to: 2n ** 62n, filter };
  const page = await open.tier.search({ ...selection, order: 'asc', limit: 1_000, timeoutMs: 20_000 });
  return page.events.map(({ event_id }) => event_id.split('-')[1]).join();
}

const expected = (filter: Filter): string =>
  EVENTS.flatMap((event, row) => (fits(filter, event) ? [row] : [])).join();

/** By turns each way is tried with one of so many texts, unless all are asked for. */
const TURNS = takesAllCases() ? 1 : 8;

/** The texts that a way is tried with: over sixteen ways each text has its turn twice. */
function textsOf(way: number): readonly string[] {
  return HOSTILE_TEXTS.filter((_text, n) => n % TURNS === way % TURNS);
}

/** What a text may be in a request; the filter that it comes to is judged without an engine. */
const REQUESTS: readonly [place: string, request: (text: string) => SelectionRequest][] = [
  ['filters on a column', (text) => ({ filters: { user_id: text } })],
  ['filters on an attribute', (text) => ({ filters: { tag: [text, 'other'] } })],
  ['filters on the message', (text) => ({ filters: { message: text } })],
  ['the name of a field', (text) => ({ filters: { [text]: 'x' } })],
  ['service', (text) => ({ service: [text] })],
  ['search', (text) => ({ search: text })],
  ['a phrase of search', (text) => ({ search: `"${text}"` })],
  ['a query on a column', (text) => ({ query: `user_id:${quoted(text)}` })],
  ['a query on an attribute, escaped', (text) => ({ query: `tag:${escaped(text)}` })],
  ['a query on the message', (text) => ({ query: `NOT message:${quoted(text)}` })],
  ['the field of a query', (text) => ({ query: `${quoted(text)}:x` })],
];

const FILTERS: readonly [kind: string, asked: (text: string) => Filter, meant: (text: string) => Filter][] = [
  [
    'contains',
    (text) => ({ kind: 'contains', field: 'message', text }),
    (text) => ({ kind: 'contains', field: 'message', text }),
  ],
  [
    'contains of an attribute',
    (text) => ({ kind: 'contains', field: 'tag', text }),
    (text) => ({ kind: 'contains', field: 'tag', text }),
  ],
  [
    'a wildcard',
    (text) => ({ kind: 'wildcard', field: 'tag', pattern: `*${escaped(text)}*` }),
    (text) => ({ kind: 'contains', field: 'tag', text }),
  ],
  [
    'a range',
    (text) => ({ kind: 'range', field: 'user_id', from: `${text}\u0000`, to: text }),
    () => ({ kind: 'any', of: [] }),
  ],
  ['level', (text) => ({ kind: 'level', words: [text] }), () => ({ kind: 'any', of: [] })],
];

interface Way {
  readonly place: string;
  readonly asked: (text: string) => Filter;
  readonly meant: (text: string) => Filter;
}

const WAYS: readonly Way[] = [
  ...REQUESTS.map(([place, request]): Way => {
    const filterOf = (text: string): Filter => toSelection(request(text)).filter;
    return { place, asked: filterOf, meant: filterOf };
  }),
  ...FILTERS.map(([place, asked, meant]): Way => ({ place, asked, meant })),
];

describe(`${HOSTILE_TEXTS.length} hostile texts are texts`, () => {
  it('and each is stored', async () => {
    expect(HOSTILE_TEXTS.length).toBeGreaterThanOrEqual(300);
    expect((await rowsOf({ kind: 'all', of: [] })).split(',')).toHaveLength(HOSTILE_TEXTS.length);
  });

  it('each at least in two ways, and in each way many', () => {
    const turns = new Map(HOSTILE_TEXTS.map((text) => [text, 0]));
    for (const way of WAYS.keys()) {
      expect(textsOf(way).length).toBeGreaterThanOrEqual(40);
      for (const text of textsOf(way)) turns.set(text, (turns.get(text) ?? 0) + 1);
    }
    expect(Math.min(...turns.values())).toBeGreaterThanOrEqual(2);
  });

  it.each(WAYS.map((way, n) => ({ ...way, texts: textsOf(n) })))(
    'in $place: rows as a literal search finds them',
    async ({ asked, meant, texts }) => {
      for (const text of texts)
        expect([text, await rowsOf(asked(text))]).toEqual([text, expected(meant(text))]);
    },
    120_000,
  );

  it('and in sort, cursor, times and the names of streams are refused, unless they are such names', () => {
    for (const text of HOSTILE_TEXTS) {
      for (const member of ['sort', 'start_time', 'total', ...(STREAM_NAME.test(text) ? [] : ['stream'])])
        for (const schema of [logsRequestSchema, logsQuerySchema])
          expect([text, member, schema.safeParse({ [member]: text }).success]).toEqual([text, member, false]);
      expect(() => readCursor({ tenant: 'default', sort: 'desc' }, text)).toThrow('no cursor');
    }
  });
});
