import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArchiveStorageError } from '#archive-storage';
import { ArchiveScene } from '#archived-units/testing';
import { FakeObjects } from '../testing/fake-objects.js';
import { startTestApi, type TestApi } from '../testing/test-api.js';

const RANGE = { start_time: '2026-01-01T00:00:00Z', end_time: '2026-01-02T00:00:00Z' };

let api: TestApi;
let scene: ArchiveScene;
let admin: string;
/** Objects that are gone. */
let gone: string[];
/** Manifests of three units of a day, which are attached. */
let attached: string[];
beforeEach(async () => {
  gone = [];
  scene = new ArchiveScene();
  const objects = new FakeObjects();
  const { hold } = objects;
  objects.hold = async (wanted) => {
    const missing = wanted.find(({ key }) => gone.some((one) => key.includes(one)));
    if (missing) throw new ArchiveStorageError('archive_object_missing', `${missing.key} is not there.`);
    return hold.call(objects, wanted);
  };
  api = await startTestApi({ trustedKeys: `site2=${scene.key.id}` });
  api.places.set('old', { storage: scene.storage, objects });
  admin = api.access.add('admin', undefined, { tenant: 'acme' });
  attached = [];
  for (const generation of [0, 1, 2])
    attached.push(await scene.put({ generation, written_at: `2026-01-04T0${generation}:00:00.000Z` }));
  await ask('POST', 'archives/attach', { name: 'old-web', place: 'old', stream: 'web' });
});
afterEach(() => api.stop());

async function ask(method: 'GET' | 'POST', path: string, payload?: object) {
  const headers = { authorization: admin };
  const answer = await api.inject({ method, url: `/api/v1/${path}`, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, ...answer.json<Record<string, unknown>>() };
}
const search = () => ask('POST', 'logs', { ...RANGE, stream: 'old-web' });

/** What takes the place of units, by their manifests' keys. */
async function merge(manifests: readonly string[]): Promise<void> {
  const replaces = manifests.map((key, generation) => ({ generation, manifest: sumOf(key) }));
  await scene.put({
    ...{ format: 3, generation: manifests.length - 1, replaces },
    written_at: '2026-01-05T02:00:00.000Z',
  });
  for (const key of manifests) await scene.storage.delete(key);
  gone = ['part-'];
}
const sumOf = (key: string): string => /([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? '';

it('an attached archive is read again once its units were merged, and that is in the audit record', async () => {
  expect(await search()).toMatchObject({ status: 200, stats: { archives: { units: 3 } } });
  await merge(attached);
  const failed = await search();
  expect(failed).toMatchObject({ status: 503, code: 'archive_unreadable' });
  gone = [];
  expect(await search()).toMatchObject({ status: 200, stats: { archives: { units: 1, events: 3 } } });
  expect(await ask('GET', 'archives/attached')).toMatchObject({ attached: [{ units: 1 }] });
  expect(await ask('GET', 'audit?action=archive.attach')).toMatchObject({
    entries: expect.arrayContaining([expect.objectContaining({ actor: { kind: 'appliance' } })]),
  });
});

it('one that lost a unit stays as it was attached: nobody takes a part for all', async () => {
  await merge(attached.slice(0, 2));
  await scene.storage.delete(attached[2] ?? '');
  expect(await search()).toMatchObject({ status: 503, code: 'archive_unreadable' });
  expect(await ask('GET', 'archives/attached')).toMatchObject({ attached: [{ units: 3, events: 9 }] });
});
