import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JSON_TYPE, startIngestApi, type IngestApi } from './testing/ingest-api.js';

let api: IngestApi;

beforeEach(async () => {
  api = await startIngestApi();
});
afterEach(() => api.stop());

describe('a strict request', () => {
  const url = '/api/v1/streams/web/events?strict=true';

  it('is taken where every event is right', async () => {
    expect((await api.send({ url })).statusCode).toBe(202);
    expect((await api.send({ ...JSON_TYPE, url, body: '[{"a":1},{"timestamp":"now"}]' })).statusCode).toBe(
      422,
    );
    expect((await api.send({ url: '/api/v1/events?strict=false', body: 'no' })).statusCode).toBe(202);
  });

  it('is refused whole with a list, and not even its stream is made', async () => {
    const answer = await api.send({ url, body: '{"a":1}\n\nno\n{"timestamp":"yesterday"}\n' });
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'events_invalid']);
    expect(answer.json()).toMatchObject({
      detail: '2 of 3 events would be refused; nothing was written.',
      errors_total: 2,
      errors: [
        { path: '[1]', index: 1, code: 'not_json', message: expect.any(String), mend: expect.any(String) },
        { path: '[2].timestamp', index: 2, code: 'bad:timestamp', field: 'timestamp' },
      ],
    });
    expect(api.bus.blocks).toEqual([]);
    const streams = await api.inject({ url: '/api/v1/streams', headers: { authorization: api.agent } });
    expect(streams.body).not.toContain('web');
  });

  it('lists the first hundred mistakes and says how many there are', async () => {
    const { errors, errors_total: total } = (await api.send({ url, body: 'no\n'.repeat(250) })).json();
    expect([errors.length, errors[99].index, total]).toEqual([100, 99, 250]);
  });
});
