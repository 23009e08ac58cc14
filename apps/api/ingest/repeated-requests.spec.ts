import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIngestApi, TEXT_TYPE, type IngestApi } from './testing/ingest-api.js';

let api: IngestApi;

beforeEach(async () => {
  api = await startIngestApi();
});
afterEach(() => api.stop());

describe('a repeated request', () => {
  const headers = { 'idempotency-key': 'order 66' };

  it('has the same answer, marked, and is written once', async () => {
    const first = await api.send({ headers });
    const second = await api.send({ headers });
    expect([second.statusCode, second.json()]).toEqual([202, first.json()]);
    expect([first, second].map((each) => each.headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    expect(api.bus.lines).toHaveLength(1);
  });

  it.each([
    ['other bytes', { body: '{"a":2}\n' }],
    ['another stream', { url: '/api/v1/streams/web/events' }],
    ['another source', { headers: { ...headers, 'alluvium-source': 'else' } }],
    ['another type', { headers: { ...headers, ...TEXT_TYPE.headers } }],
  ])('with %s is refused', async (_, sending) => {
    await api.send({ headers });
    const answer = await api.send({ headers, ...sending });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency_key_reused']);
  });

  it('of another tenant is no repeat', async () => {
    await api.send({ headers });
    const key = api.access.add('other', undefined, { tenant: 'acme' });
    expect((await api.send({ headers, key })).headers['idempotency-replayed']).toBeUndefined();
  });
});
