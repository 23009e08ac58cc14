import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTime } from '#event-model';
import serviceLog from '../plugins/event-type-service-log/index.js';
import { openTier, type TierUnderTest } from '../plugins/tier-clickhouse/testing/open-tier.js';
import { batchOf } from '../plugins/tier-clickhouse/testing/sample-events.js';
import { Problem } from '../apps/api/problems/problem.js';
import { parseQuery } from '../apps/api/search/query/parse-query.js';
import { toSelection } from '../apps/api/search/selection.js';
import type { SelectionRequest } from '../apps/api/search/selection.schema.js';

const guide = readFileSync(join(import.meta.dirname, '../docs/guide/query-language.md'), 'utf8');
const events = (/```ndjson\n([\s\S]+?)```/.exec(guide)?.[1] ?? '').trim().split('\n');
const RANGE = { start_time: '2026-11-01T00:00:00Z', end_time: '2026-12-01T00:00:00Z' };

/** The first and the last cell of each row of the tables whose first column has this name. */
function examplesOf(kind: string): [example: string, last: string][] {
  return [...guide.matchAll(new RegExp(`\\| ${kind} +\\|.*\\n\\| ---.*\\n((?:\\|.*\\n)+)`, 'g'))]
    .flatMap(([, rows = '']) => rows.trim().split('\n'))
    .map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|')))
    .map((cells) => [(cells[1] ?? '').replace(/^`|`$/g, ''), cells[3] ?? '']);
}

let open: TierUnderTest;
beforeAll(async () => {
  open = await openTier(serviceLog.eventType);
  await open.tier.insert(batchOf(open.stream, events));
});
afterAll(() => open.close());

async function found(request: SelectionRequest): Promise<string> {
  const { streams, tenant } = { streams: [open.stream], tenant: open.stream.tenant };
  const asked = toSelection({ ...RANGE, ...request }, () =>
    Number((parseTime(RANGE.end_time) ?? 0n) / 1_000_000n),
  );
  const page = await open.tier.search({
    ...asked,
    streams,
    tenant,
    order: 'asc',
    limit: 100,
    timeoutMs: 20_000,
  });
  return page.events.map(({ event_id }) => Number(event_id.split('-')[1]) + 1).join(', ');
}

describe('the guide of the query language', () => {
  it('has many examples, and no event that was refused', async () => {
    const counts = ['search', 'query', 'filters'].map((kind) => examplesOf(kind).length);
    expect(counts).toEqual([10, 70, 4]);
    expect(await found({})).toBe('1, 2, 3, 4, 5, 6, 7, 8');
  });

  it.each(examplesOf('search'))('search: %s finds %s', async (search, expected) => {
    expect(await found({ search })).toBe(expected);
  });

  it.each(examplesOf('query').filter(([, last]) => !/[a-z]/.test(last)))(
    'query: %s finds %s',
    async (query, expected) => {
      expect(await found({ query })).toBe(expected);
    },
  );

  it.each(examplesOf('filters'))('filters: %s finds %s', async (filters, expected) => {
    expect(await found({ filters: JSON.parse(filters) as SelectionRequest['filters'] })).toBe(expected);
  });
});

const mistakes = [...guide.matchAll(/^\| `(.+)` +\| (\d+) +\| (?:[a-z])/gm)].map(
  ([, query = '', at = '']) => [query, at] as const,
);

it.each(mistakes)('the guide says where the mistake of %s is: at character %s', (query, at) => {
  let problem: unknown;
  try {
    parseQuery(query);
  } catch (error) {
    problem = error;
  }
  expect(problem).toBeInstanceOf(Problem);
  expect((problem as Problem).message).toContain(`at character ${at}.`);
});
