import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTimestamp } from '#event-model';
import { startSearchApi, type SearchApi } from './testing/search-api.js';

let api: SearchApi;

beforeEach(async () => {
  api = await startSearchApi();
});
afterEach(() => api.stop());

describe('a page', () => {
  const event = (row: number) =>
    ({
      event_id: `${'a'.repeat(32)}-${row}`,
      stream: 'web',
      timestamp: formatTimestamp(BigInt(row)),
    }) as never;

  it('leads to the next, within the range and with the total of the first', async () => {
    api.tier.page = {
      ...api.tier.page,
      events: [event(9), event(7)],
      more: true,
      total: 50,
      totalIsExact: false,
    };
    const first = (await api.search({ start_time: 'now-1h', query: 'timestamp:>now-30m' })).json();
    api.tier.page = { ...api.tier.page, events: [event(3)], more: false, total: 1, totalIsExact: true };
    const cursor = first.next_cursor as string;
    const next = (
      await api.search({
        start_time: 'now-1h',
        query: 'timestamp:>now-30m',
        cursor,
        limit: 5,
        total: 'exact',
      })
    ).json();
    expect(next).toMatchObject({ total: 50, total_is_exact: false, next_cursor: null });
    const [before, after] = api.tier.queries;
    expect(after).toMatchObject({
      from: before?.from,
      to: before?.to,
      filter: before?.filter,
      total: 'none',
      after: { timestamp: 7n, block: 'a'.repeat(32), row: 7 },
    });
  });

  it.each<[string, object]>([
    ['other words', { search: 'y' }],
    ['another order', { search: 'x', sort: 'asc' }],
    ['other streams', { search: 'x', stream: 'db' }],
    ['other filters', { search: 'x', filters: { a: 1 } }],
    ['another start', { search: 'x', start_time: 'now-2h' }],
  ])('of one search is none of one with %s', async (_name, other) => {
    api.tier.page = { ...api.tier.page, events: [event(9)], more: true };
    const { next_cursor: cursor } = (await api.search({ search: 'x' })).json();
    expect((await api.search({ search: 'x', cursor })).statusCode).toBe(200);
    expect((await api.search({ ...other, cursor })).json()).toMatchObject({
      status: 400,
      code: 'cursor_invalid',
    });
  });

  it('of one tenant is none of another', async () => {
    api.tier.page = { ...api.tier.page, events: [event(9)], more: true };
    const { next_cursor: cursor } = (await api.search({})).json();
    const other = api.access.add('other', undefined, { tenant: 'other' });
    expect((await api.search({ cursor }, other)).json()).toMatchObject({ code: 'cursor_invalid' });
  });
});
