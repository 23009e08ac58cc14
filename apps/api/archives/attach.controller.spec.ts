import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { FakeObjects } from '../testing/fake-objects.js';
import { ArchiveScene, makeSigningKey } from '#archived-units/testing';

const OLD = { name: 'old-web', place: 'old', stream: 'web' };
const RANGE = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z' };

let api: TestApi;
let scene: ArchiveScene;
let objects: FakeObjects;
let admin: string;
beforeEach(async () => {
  scene = new ArchiveScene();
  objects = new FakeObjects();
  api = await startTestApi({ trustedKeys: `site2=${scene.key.id}` });
  api.places.set('old', { storage: scene.storage, objects });
  admin = api.access.add('admin', undefined, { tenant: 'acme' });
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, key = admin) {
  const headers = { authorization: key };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
}
const attach = (more: object = {}, key = admin) => ask('POST', 'archives/attach', { ...OLD, ...more }, key);
const estimate = (more: object = {}) => ask('POST', 'archives/attach/estimate', { ...OLD, ...more });
const search = (payload: object) => ask('POST', 'logs', { ...RANGE, ...payload });

describe('an archive that is attached', () => {
  it('is told of before, in days, events and bytes, and nothing is there yet', async () => {
    await scene.put();
    await scene.put({ day: 20_260_103 });
    expect(await estimate()).toMatchObject({
      ...{ status: 200, ...OLD, event_type: 'log', units: 2, events: 6, refused: [], refused_total: 0 },
      ...{ oldest_day: '2026-01-01', newest_day: '2026-01-03', signed_by: ['site2'] },
    });
    expect(await ask('GET', 'streams')).toMatchObject({ streams: [] });
    expect(await ask('GET', 'archives/attached')).toEqual({ status: 200, attached: [], places: ['old'] });
  });

  it('is a stream that questions read from its place where they name it, and only then', async () => {
    await scene.put();
    expect(await attach()).toMatchObject({ status: 201, ...OLD, units: 1, events: 3, signed_by: ['site2'] });
    expect(await ask('GET', 'archives/attached')).toMatchObject({ attached: [{ ...OLD, events: 3 }] });
    expect(await ask('GET', 'streams/old-web')).toMatchObject({ event_type: 'log', read_only: 'attached' });
    expect(await search({ stream: 'old-web' })).toMatchObject({
      ...{ status: 200, stats: { archives: { units: 1, events: 3 } } },
    });
    const [asked] = api.tier.queries;
    expect(asked?.streams.map(({ name, archived }) => [name, archived?.[0]?.files[0]?.path])).toEqual([
      ['old-web', expect.stringMatching(/^\/archives\/tenant=acme\/stream=web\/.*\.parquet$/)],
    ]);
    expect(objects.held).toBe(0);
    await search({});
    expect(api.tier.queries).toHaveLength(1);
  });

  it('takes no events, by whatever way, no policy, and is not parsed again', async () => {
    await scene.put();
    await attach();
    const sent = { status: 409, code: 'stream_read_only' };
    expect(await ask('POST', 'streams/old-web/events', [{ message: 'x' }])).toMatchObject(sent);
    const rule = { when: { contains: ['x'] }, action: { stream: 'old-web' } };
    expect(await ask('POST', 'streams', { name: 'old-web' })).toMatchObject({ code: 'stream_exists' });
    expect(
      (
        await api.inject({
          ...{ method: 'PUT', url: '/api/v1/rules/away', payload: rule, headers: { authorization: admin } },
        })
      ).json(),
    ).toMatchObject({ code: 'invalid_request', errors: [{ message: 'is a stream that takes no events' }] });
    expect(await ask('POST', 'streams/old-web/reparse/plan', RANGE)).toMatchObject(sent);
    expect(
      (
        await api.inject({
          ...{ method: 'PUT', url: '/api/v1/retention/policies/stream:old-web' },
          ...{ payload: { keep: 'search 9d -> delete' }, headers: { authorization: admin } },
        })
      ).json(),
    ).toMatchObject({ code: 'stream_read_only' });
  });

  it('is gone when it was detached, with its tables, and its name is free', async () => {
    await scene.put();
    await attach();
    expect(await ask('DELETE', 'archives/attached/old-web')).toMatchObject({ status: 200, events: 3 });
    expect(api.tier.removed).toEqual(['old-web']);
    expect(await search({ stream: 'old-web' })).toMatchObject({ code: 'stream_unknown' });
    expect(await ask('DELETE', 'archives/attached/old-web')).toMatchObject({ code: 'archive_not_attached' });
    expect(await ask('POST', 'streams', { name: 'old-web' })).toMatchObject({ status: 201 });
  });

  it('is detached to the end by another call, where the first one broke off', async () => {
    await scene.put();
    await attach();
    api.tier.failure = new Error('killed');
    expect((await ask('DELETE', 'archives/attached/old-web')).status).toBe(500);
    api.tier.failure = undefined;
    expect(await search({ stream: 'old-web' })).toMatchObject({ code: 'stream_unknown' });
    expect(await attach()).toMatchObject({ code: 'stream_exists' });
    expect(await ask('DELETE', 'archives/attached/old-web')).toMatchObject({ status: 200 });
    expect(await attach()).toMatchObject({ status: 201 });
  });

  it('of a place that settings do not name any more is not read', async () => {
    await scene.put();
    await attach();
    api.places.delete('old');
    expect(await search({ stream: 'old-web' })).toMatchObject({
      ...{ status: 503, code: 'archive_unreadable', detail: expect.stringContaining('the place old') },
    });
  });
});

describe('it is refused to attach', () => {
  it('a place that settings do not name, a path, and what is not there', async () => {
    expect(await attach({ place: 'elsewhere' })).toMatchObject({
      status: 400,
      code: 'archive_place_unknown',
    });
    for (const more of [{ place: '../old' }, { place: '/etc' }, { stream: '../db' }, { name: 'A b' }])
      expect(await attach(more)).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(await attach()).toMatchObject({ status: 404, code: 'archive_empty' });
    await scene.put({ tenant: 'other' });
    expect(await attach()).toMatchObject({ status: 404, code: 'archive_empty' });
  });

  it('under the name of a stream that is there', async () => {
    await scene.put();
    await ask('POST', 'streams', { name: 'old-web' });
    expect(await attach()).toMatchObject({ status: 409, code: 'stream_exists' });
  });

  it('what has days that can not be used, unless they are to be left out', async () => {
    await scene.put();
    await scene.put({ day: 20_260_102 }, makeSigningKey());
    expect(await estimate()).toMatchObject({
      units: 1,
      refused: [{ reason: 'unknown_key' }],
      refused_total: 1,
    });
    expect(await attach()).toMatchObject({ status: 409, code: 'archive_refused' });
    expect(await attach({ skip_refused: true })).toMatchObject({ status: 201, units: 1 });
  });

  it('days of a type that is unknown here, of another one, or with columns that it has not', async () => {
    await scene.put({ event_type: { name: 'strange', version: 1 } });
    expect(await estimate()).toMatchObject({
      ...{ units: 0, refused: [{ reason: 'event_type', detail: expect.stringContaining('"strange" here') }] },
    });
    await scene.put({ day: 20_260_102, columns: [{ name: 'wrong', type: 'String' }] });
    expect(await estimate()).toMatchObject({
      units: 0,
      refused: [
        { detail: expect.stringContaining('newest day of "log"') },
        { detail: 'The column wrong is wrong.' },
      ],
    });
    expect(await attach({ skip_refused: true })).toMatchObject({ status: 409, code: 'archive_refused' });
  });

  it('while the place can not be read', async () => {
    const list = () => Promise.reject(new ArchiveStorageError('archive_storage_unavailable', 'out'));
    api.places.set('old', { storage: { ...scene.storage, list }, objects });
    expect(await attach()).toMatchObject({ status: 503, code: 'archive_place_unreadable' });
  });

  it('by a key that is held to other streams, of the archive or by name', async () => {
    await scene.put();
    const reach = (...streams: string[]) =>
      api.access.add(`held-${streams}`, undefined, { tenant: 'acme', streams: new Set(streams) });
    for (const streams of [['old-web'], ['web']])
      expect(await attach({}, reach(...streams))).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await attach({}, reach('old-web', 'web'))).toMatchObject({ status: 201 });
    const other = reach('db');
    expect(await ask('GET', 'archives/attached', undefined, other)).toMatchObject({ attached: [] });
    expect(await ask('DELETE', 'archives/attached/old-web', undefined, other)).toMatchObject({ status: 403 });
  });
});
