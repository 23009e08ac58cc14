import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RESTORE_JOB, RestoredStreams } from '#archived-units';
import { JOB_QUEUE, type InspectableJobQueue } from '#job-queue';
import { FakeObjects } from '../testing/fake-objects.js';
import { startTestApi, type TestApi } from '../testing/test-api.js';
import { ArchiveScene } from '#archived-units/testing';

const TIME = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z' };
const REQUEST = { stream: 'old-web', ...TIME, name: 'back' };

let api: TestApi;
let queue: InspectableJobQueue;
let admin: string;
beforeEach(async () => {
  const scene = new ArchiveScene();
  api = await startTestApi({ trustedKeys: `site2=${scene.key.id}` });
  api.places.set('old', { storage: scene.storage, objects: new FakeObjects() });
  admin = api.access.add('admin', undefined, { tenant: 'acme' });
  queue = api.app.get<InspectableJobQueue>(JOB_QUEUE);
  await scene.put();
  await ask('POST', 'archives/attach', { name: 'old-web', place: 'old', stream: 'web' });
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, payload?: object, key = admin) {
  const headers = { authorization: key };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
}
const restore = (more: object = {}, key = admin) =>
  ask('POST', 'archives/restore', { ...REQUEST, ...more }, key);

describe('a restore', () => {
  it('is estimated first, which begins nothing', async () => {
    const estimate = await ask('POST', 'archives/restore/estimate', { ...REQUEST, name: undefined });
    expect(estimate).toMatchObject({
      ...{ status: 200, stream: 'old-web', units: 1, events: 3, fits: true },
      name: expect.stringMatching(/^old-web-restored-\d{8}$/),
    });
    expect(await queue.list(RESTORE_JOB)).toEqual([]);
    expect(await ask('GET', 'archives/restored')).toMatchObject({ restored: [] });
  });

  it('of a time that ends before it begins is refused as that', async () => {
    const turned = { ...REQUEST, start_time: TIME.end_time, end_time: TIME.start_time };
    for (const path of ['archives/restore', 'archives/restore/estimate'])
      expect(await ask('POST', path, turned)).toMatchObject({
        ...{ status: 400, code: 'invalid_request' },
        errors: [{ path: 'end_time', message: 'is not behind start_time' }],
      });
  });

  it('begins a job, and the stream is found by nobody until all is there; then by its name', async () => {
    expect(await restore()).toMatchObject({
      ...{ status: 202, name: 'back', state: 'restoring', events: 3, job: 'acme.back' },
    });
    expect((await queue.find(RESTORE_JOB, 'acme.back'))?.payload).toEqual({ tenant: 'acme', stream: 'back' });
    const search = () => ask('POST', 'logs', { ...TIME, stream: 'back' });
    expect(await search()).toMatchObject({ status: 409, code: 'stream_restoring' });
    expect(await ask('POST', 'streams/back/events', [{ message: 'x' }])).toMatchObject({
      code: 'stream_read_only',
    });
    const of = { tenant: 'acme', stream: 'back' };
    const restored = api.app.get(RestoredStreams);
    const { begun_at: begun, expires_at: end } = (await restored.find(of)) ?? {};
    expect(Date.parse(end ?? '') - Date.parse(begun ?? '')).toBe(7 * 86_400_000);
    expect(await restore()).toMatchObject({ status: 409, code: 'stream_exists' });
    expect(await ask('GET', 'jobs/acme.back')).toMatchObject({ kind: RESTORE_JOB });
  });

  it('is cancelled and taken away by DELETE', async () => {
    await restore();
    expect(await ask('DELETE', 'archives/restored/back')).toMatchObject({
      ...{ status: 202, state: 'leaving', job: 'acme.back.away' },
    });
    expect(await ask('POST', 'logs', { ...TIME, stream: 'back' })).toMatchObject({ code: 'stream_unknown' });
    expect(await queue.find(RESTORE_JOB, 'acme.back')).toMatchObject({ state: 'cancelled' });
    expect(await queue.find(RESTORE_JOB, 'acme.back.away')).toBeDefined();
    expect(await ask('DELETE', 'archives/restored/other')).toMatchObject({ code: 'restore_not_found' });
  });
});

describe('it is refused to restore', () => {
  it('what the archive does not have, and what is no stream', async () => {
    const later = { start_time: '2027-01-01T00:00:00Z', end_time: '2027-01-02T00:00:00Z' };
    expect(await restore(later)).toMatchObject({ status: 404, code: 'nothing_to_restore' });
    expect(await restore({ stream: 'none' })).toMatchObject({ status: 404, code: 'stream_unknown' });
  });

  it('for longer than the setting allows, without a name that fits, or under one that is taken', async () => {
    expect(await restore({ expires_in_days: 91 })).toMatchObject({
      ...{ status: 400, errors: [{ path: 'expires_in_days', message: 'is more than 90' }] },
    });
    const long = 'w'.repeat(60);
    expect(await restore({ stream: long, name: undefined })).toMatchObject({
      ...{ status: 400, errors: [{ path: 'name' }] },
    });
    await ask('POST', 'streams', { name: 'back' });
    expect(await restore()).toMatchObject({ status: 409, code: 'stream_exists' });
  });

  it('without room on the disk', async () => {
    api.disk.freeBytes = 1;
    expect(await restore()).toMatchObject({ status: 409, code: 'restore_no_room' });
    expect(await ask('GET', 'archives/restored')).toMatchObject({ restored: [] });
  });

  it('by a key that is held to other streams, or of another tenant', async () => {
    const held = api.access.add('held', undefined, { tenant: 'acme', streams: new Set(['back']) });
    expect(await restore({}, held)).toMatchObject({ status: 403, code: 'forbidden' });
    await restore();
    const other = api.access.add('other', undefined, { tenant: 'other' });
    expect(await restore({}, other)).toMatchObject({ code: 'stream_unknown' });
    expect(await ask('GET', 'archives/restored/back', undefined, other)).toMatchObject({
      code: 'restore_not_found',
    });
    expect(await ask('DELETE', 'archives/restored/back', undefined, other)).toMatchObject({ status: 404 });
  });
});
