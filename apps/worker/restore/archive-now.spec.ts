import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OWN_PLACE, type LocalObjects } from '#archive-storage';
import type { AttachedArchive, RestoredStream } from '#archived-units';
import { MergeScene, OF } from '../testing/merge-scene.js';
import { ArchiveNow } from './archive-now.js';

let directory: string;
let scene: MergeScene;
let attached: AttachedArchive | undefined;
let archiveNow: ArchiveNow;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-archive-now-'));
  scene = new MergeScene(directory);
  attached = undefined;
  archiveNow = new ArchiveNow({
    archived: scene.archived,
    attached: { of: async () => attached },
    places: {
      get: (name) =>
        name === 'not set'
          ? undefined
          : { storage: scene.storage, objects: {} as Partial<LocalObjects> as LocalObjects },
    },
  });
  for (const [generation, words] of ['a', 'b c', 'd'].entries()) await scene.put(generation, words);
});
afterEach(() => rm(directory, { recursive: true }));

/** A restore of what the archive has now. */
async function begin(place = OWN_PLACE): Promise<RestoredStream> {
  const { schemas, units } = await scene.archived.now(OF);
  return {
    ...{ tenant: OF.tenant, stream: 'back', state: 'restoring', original: OF.stream, place },
    ...{ archive: { schemas, units }, begun_at: '', expires_at: '' },
  };
}

it('nothing is to be restored instead of units that are as they were', async () => {
  expect(await archiveNow.of(await begin())).toBeUndefined();
});

it('the merged unit has the events of its sources, and of what came late, also when it was merged again', async () => {
  const restored = await begin();
  await scene.merge();
  expect((await archiveNow.of(restored))?.units).toMatchObject([{ generation: 2, events: 4 }]);
  await scene.put(3, 'late');
  await scene.merge();
  expect((await archiveNow.of(restored))?.units).toMatchObject([{ generation: 3, events: 5 }]);
});

it('what is in no unit any more is not passed over', async () => {
  const restored = await begin();
  await scene.archived.trash(
    OF,
    { day: restored.archive.units[0]?.day ?? 0, generation: 0 },
    { at: '', order: 'p' },
  );
  await scene.merge();
  expect(await archiveNow.of(restored)).toBeUndefined();
});

it('an attached archive is as its last question found it; where nothing knows it, or its place, nothing is said', async () => {
  const restored = await begin('old');
  expect(await archiveNow.of(restored)).toBeUndefined();
  await scene.merge();
  const { schemas, units } = await scene.archived.now(OF);
  attached = {
    ...{ place: 'old', stream: 'web', event_type: 'log', signed_by: [], attached_at: '' },
    archive: { schemas, units },
  };
  expect((await archiveNow.of(restored))?.units).toMatchObject([{ generation: 2, events: 4 }]);
  expect(await archiveNow.of({ ...restored, place: 'not set' })).toBeUndefined();
});
