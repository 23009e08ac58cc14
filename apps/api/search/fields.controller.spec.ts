import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TooManyGroupsError } from '#plugin-kit';
import { startTestApi, type TestApi } from '../testing/test-api.js';

let api: TestApi;
let key: string;

beforeEach(async () => {
  api = await startTestApi({ docs: true });
  key = api.access.add('analyst');
  const headers = { authorization: key };
  for (const name of ['web', 'db'])
    await api.inject({ method: 'POST', url: '/api/v1/streams', payload: { name }, headers });
});
afterEach(() => api.stop());

const list = (search = '') => api.inject({ url: `/api/v1/fields${search}`, headers: { authorization: key } });

describe('the list of fields', () => {
  it('asks the tier for exactly what the request says', async () => {
    const range = 'start_time=2026-01-01T00:00:00Z&end_time=1767312000';
    const answer = await list(`?${range}&stream=web,db&level=error&filter=status:500&field=a.b&top=7`);
    expect(answer.statusCode).toBe(200);
    const [query] = api.tier.fieldsQueries;
    expect(query).toMatchObject({
      tenant: 'default',
      from: 1_767_225_600_000_000_000n,
      to: 1_767_312_000_000_000_000n,
      field: 'a.b',
      topValues: 7,
      sampleEvents: 50_000,
    });
    expect(query?.filter).toMatchObject({
      of: [
        { kind: 'level', words: ['error'] },
        { kind: 'equals', field: 'status', values: ['500'] },
      ],
    });
    expect(query?.streams.map(({ name }) => name)).toEqual(['web', 'db']);
  });

  it('without anything is of all streams and the last 24 hours', async () => {
    await list();
    const [query] = api.tier.fieldsQueries;
    expect(query).toMatchObject({ topValues: 5 });
    expect(query).not.toHaveProperty('field');
    expect(query?.streams.map(({ name }) => name).sort()).toEqual(['db', 'web']);
    await list('?stream=web&stream=db');
    expect(api.tier.fieldsQueries[1]?.streams).toHaveLength(2);
  });

  it('answers in the words of the API', async () => {
    const report = { types: ['keyword'], events: 3, of: 4, cardinality: 2, isExact: true };
    const topValues = [{ value: null, events: 1 }];
    api.tier.described = {
      events: 8,
      sampled: 4,
      fields: [
        { ...report, name: 'service', declaredIn: ['web'], topValues },
        { ...report, name: 'free', declaredIn: [], of: 0, events: 0, topValues: [] },
      ],
      isCut: true,
      stats: { rowsRead: 1, bytesRead: 2, elapsedMs: 3 },
    };
    expect((await list()).json()).toEqual({
      events: 8,
      sample: { events: 4, limit: 50_000, is_whole: false },
      fields: [
        {
          name: 'service',
          types: ['keyword'],
          declared: true,
          declared_in: ['web'],
          events: 3,
          events_looked_at: 4,
          share: 0.75,
          cardinality: 2,
          cardinality_is_exact: true,
          top_values: topValues,
        },
        expect.objectContaining({ name: 'free', declared: false, share: 0, top_values: [] }),
      ],
      is_cut: true,
      stats: { rows_read: 1, bytes_read: 2, elapsed_ms: 3 },
    });
  });

  it('is documented with what it takes', async () => {
    const { paths } = (await api.inject({ url: '/docs-json' })).json();
    const names = (paths['/api/v1/fields'].get.parameters as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['start_time', 'stream', 'filter', 'query', 'field', 'top']),
    );
  });
});

describe('a list that can not be given', () => {
  it.each([
    ['?top=0', 'top'],
    ['?top=101', 'top'],
    ['?field=', 'field'],
    ['?stream=A!', 'stream.0'],
    ['?start_time=soon', 'start_time'],
    ['?streams=web', ''],
  ])('for %s says where', async (search, path) => {
    const answer = await list(search);
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'invalid_request']);
    expect(answer.json().errors[0].path).toBe(path);
    expect(api.tier.fieldsQueries).toEqual([]);
  });

  it('stays within the streams of its key, and says what is too large', async () => {
    expect((await list('?stream=nope')).json().code).toBe('stream_unknown');
    api.tier.failure = new TooManyGroupsError('Narrow the time range.');
    expect((await list()).json()).toMatchObject({ status: 400, code: 'too_many_groups' });
    key = api.access.add('held', ['logs:read'], { streams: new Set(['web']) });
    expect((await list('?stream=db')).json().code).toBe('forbidden');
  });
});
