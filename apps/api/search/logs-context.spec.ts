import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTimestamp } from '#event-model';
import { startSearchApi, type SearchApi } from './testing/search-api.js';

let api: SearchApi;

beforeEach(async () => {
  api = await startSearchApi();
});
afterEach(() => api.stop());

describe('the events around one', () => {
  const event_id = `${'a'.repeat(32)}-3`;
  const around = (query = '') => api.get(`/api/v1/logs/${event_id}/context?${query}`);

  beforeEach(() => {
    const attributes = { user: { name: 'x' }, 'a.b': 5, list: [1] };
    const event = {
      event_id,
      tenant: 'default',
      stream: 'web',
      timestamp: formatTimestamp(9n),
      service: 's',
    };
    api.tier.events = [{ ...event, attributes, original: {} } as never];
    api.tier.page = { ...api.tier.page, events: [{ event_id: '1' }, { event_id: '2' }] as never };
  });

  it('are those before and after it in its stream, oldest first', async () => {
    const answer = await around('before=2&after=3');
    expect(answer.json()).toMatchObject({
      before: [{ event_id: '2' }, { event_id: '1' }],
      event: { event_id },
      after: [{ event_id: '1' }, { event_id: '2' }],
    });
    expect(answer.json().event).not.toHaveProperty('original');
    const position = { timestamp: 9n, block: 'a'.repeat(32), row: 3 };
    expect(api.tier.queries).toMatchObject([
      { order: 'desc', limit: 2, after: position, streams: [{ name: 'web' }] },
      { order: 'asc', limit: 3, after: position },
    ]);
  });

  it('are as it is in the fields that are named', async () => {
    await around('before=0&same=service,user.name,a.b,host');
    expect(api.tier.queries).toHaveLength(1);
    expect(api.tier.queries[0]?.filter).toEqual({
      kind: 'all',
      of: [
        { kind: 'equals', field: 'service', values: ['s'] },
        { kind: 'equals', field: 'user.name', values: ['x'] },
        { kind: 'equals', field: 'a.b', values: [5] },
        { kind: 'not', of: { kind: 'exists', field: 'host' } },
      ],
    });
  });

  it('need a field with one value, and a number of events', async () => {
    for (const query of ['same=list', 'before=1001', 'after=x'])
      expect((await around(query)).json()).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});
