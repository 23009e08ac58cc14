import { beforeEach, describe, expect, it } from 'vitest';
import { contentOfBytes, type ArchiveStorage } from '#archive-storage';
import { ArchiveTooLarge, findArchive } from './find-archive.js';
import { ArchiveScene, makeSigningKey } from './testing/index.js';

const WEB = { tenant: 'acme', stream: 'web' };
const WEB_DAY = { ...WEB, day: 20_260_101, generation: 0 };

let scene: ArchiveScene;
beforeEach(() => {
  scene = new ArchiveScene();
});
const find = (wanted = WEB, storage: Pick<ArchiveStorage, 'get' | 'list'> = scene.storage) =>
  findArchive(storage, wanted, (id) => id === scene.key.id);
const reasons = async () => (await find()).refused.map(({ reason }) => reason);

it('finds every day and generation of the stream, in their order, and nothing of others', async () => {
  await scene.put({ day: 20_260_103 });
  await scene.put({ day: 20_260_102, generation: 1 });
  await scene.put({ day: 20_260_102 });
  await scene.put({ stream: 'web2' });
  await scene.put({ tenant: 'other' });
  const { units, refused } = await find();
  expect(units.map(({ manifest }) => [manifest.day, manifest.generation])).toEqual([
    [20_260_102, 0],
    [20_260_102, 1],
    [20_260_103, 0],
  ]);
  expect(refused).toEqual([]);
  expect((await find({ tenant: 'acme', stream: 'none' })).units).toEqual([]);
});

it('takes of several manifests of a unit the one that was written last', async () => {
  const older = await scene.put({ written_at: '2026-01-03T02:00:00.000Z' });
  const newer = await scene.put({ written_at: '2026-01-04T02:00:00.000Z' });
  expect(await find()).toMatchObject({
    units: [{ key: newer }],
    refused: [{ key: older, reason: 'superseded', detail: expect.stringContaining(newer) }],
  });
});

describe('a merged unit', () => {
  const sum = (key: string): string => /([0-9a-f]{64})\.json$/.exec(key)?.[1] ?? '';
  const merge = (keys: readonly string[], more: object = {}): Promise<string> =>
    scene.put({
      ...{ format: 3, generation: 2, written_at: '2026-01-09T00:00:00.000Z' },
      replaces: keys.map((key, generation) => ({ generation, manifest: sum(key) })),
      ...more,
    });
  const put = (generation: number, written_at: string): Promise<string> =>
    scene.put({ generation, written_at });
  let sources: string[];
  beforeEach(async () => {
    const others = [await put(0, '2026-01-03T00:00:00.000Z'), await put(1, '2026-01-04T00:00:00.000Z')];
    sources = [...others, await put(2, '2026-01-05T00:00:00.000Z')];
  });
  const keys = async () => (await find()).units.map(({ key }) => key);

  it('is used for what it replaces and is still there, an older copy of that too, and for nothing that came later', async () => {
    await put(1, '2026-01-03T12:00:00.000Z');
    const merged = await merge(sources);
    const late = await put(3, '2026-01-10T00:00:00.000Z');
    const reused = await put(1, '2026-01-10T00:00:00.000Z');
    const other = await scene.put({ day: 20_260_102 });
    const found = await find();
    expect(found.units.map(({ key }) => key)).toEqual([reused, merged, late, other]);
    expect(found.refused.map(({ reason }) => reason)).toEqual(Array(4).fill('superseded'));
    expect(found.refused[0]?.detail).toContain(merged);
  });

  it('stands for what it replaced where only that is gone, and in a chain the last one does', async () => {
    const first = await merge(sources.slice(1), {
      replaces: sources.slice(1).map((key, n) => ({ generation: n + 1, manifest: sum(key) })),
    });
    const all = [...sources, first].map((key, n) => ({ generation: Math.min(n, 2), manifest: sum(key) }));
    const last = await merge([], { replaces: all, written_at: '2026-01-11T00:00:00.000Z' });
    expect(await keys()).toEqual([last]);
    await scene.storage.delete(first);
    expect(await keys()).toEqual([last]);
  });

  it('whose file is gone stands for nothing: its sources are used', async () => {
    const merged = await merge(sources);
    const [unit] = (await find()).units;
    await scene.storage.delete(unit?.manifest.files[0]?.key ?? '');
    const found = await find();
    expect(found.units.map(({ key }) => key)).toEqual(sources);
    expect(found.refused).toMatchObject([{ key: merged, reason: 'files' }]);
  });

  it('that nobody trusted signed takes no other’s place', async () => {
    const stranger = makeSigningKey();
    const replaces = sources.map((key, generation) => ({ generation, manifest: sum(key) }));
    await scene.put({ format: 3, generation: 2, replaces, written_at: '2026-01-09T00:00:00.000Z' }, stranger);
    expect(await keys()).toEqual(sources);
  });

  it('is looked for in one day alone where that is asked for', async () => {
    const merged = await merge(sources);
    await scene.put({ day: 20_260_102 });
    expect((await find({ ...WEB_DAY })).units.map(({ key }) => key)).toEqual([merged]);
  });
});

describe('a manifest is refused', () => {
  it('of a key that nobody trusts, whatever key it brings', async () => {
    const key = await scene.put({}, makeSigningKey());
    expect(await find()).toMatchObject({ units: [], refused: [{ key, reason: 'unknown_key' }] });
  });

  it('that was changed and put under the sum of what it is now', async () => {
    const key = await scene.put();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await scene.storage.get(key)) chunks.push(chunk);
    await scene.storage.delete(key);
    await scene.putText(WEB_DAY, Buffer.concat(chunks).toString().replace('"events":3', '"events":4'));
    expect(await reasons()).toEqual(['signature']);
  });

  it('that is not what its name says', async () => {
    const key = await scene.put();
    await scene.storage.delete(key);
    await scene.storage.put(key, contentOfBytes(Buffer.from('cut')));
    expect(await reasons()).toEqual(['damaged']);
  });

  it('that is none, or of a later format', async () => {
    await scene.putText(WEB_DAY, '{}');
    await scene.putText({ ...WEB_DAY, day: 20_260_102 }, '[1');
    expect(await reasons()).toEqual(['invalid', 'invalid']);
  });

  it.each([
    ['another tenant', { tenant: 'other' }],
    ['another stream', { stream: 'db' }],
    ['another day', { day: 20_260_102 }],
    ['another generation', { generation: 1 }],
  ])('of %s that was put here', async (_what, more) => {
    const key = await scene.put(more);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await scene.storage.get(key)) chunks.push(chunk);
    await scene.storage.delete(key);
    await scene.putText(WEB_DAY, Buffer.concat(chunks).toString());
    expect(await reasons()).toEqual(['other_place']);
  });

  it('whose file is missing, or has another length', async () => {
    for (const day of [20_260_101, 20_260_102]) {
      const key = await scene.put({ day });
      const [file] = (await scene.storage.list(key.slice(0, key.lastIndexOf('/') + 1))).filter((one) =>
        one.key.endsWith('.parquet'),
      );
      await scene.storage.delete(file?.key ?? '');
      if (day === 20_260_101) await scene.storage.put(file?.key ?? '', contentOfBytes(Buffer.from('x')));
    }
    expect((await find()).refused).toMatchObject([
      { reason: 'files', detail: expect.stringMatching(/has 1 bytes, not \d+/) },
      { reason: 'files', detail: expect.stringContaining('is missing') },
    ]);
  });
});

it.each([
  [
    'manifests',
    4_001,
    { name: (n: number) => `_manifest-g1-${'0'.repeat(58)}${100_000 + n}.json`, bytes: 1 },
  ],
  ['bytes', 70, { name: (n: number) => `_manifest-g1-${'0'.repeat(58)}${100_000 + n}.json`, bytes: 2 ** 20 }],
  ['objects', 101_000, { name: (n: number) => `part-${100_000_000 + n}.parquet`, bytes: 1 }],
])('refuses a place with too many %s before it reads one', async (_what, all, { name, bytes }) => {
  let at = 0;
  const list = async () =>
    Array.from({ length: Math.min(1_000, all - at) }, () => ({
      key: `tenant=acme/stream=web/${name(at++)}`,
      bytes,
    }));
  const get = () => Promise.reject(new Error('it was read'));
  await expect(find(WEB, { list, get })).rejects.toThrow(ArchiveTooLarge);
});

it('passes on that the place can not be read', async () => {
  const list = () => Promise.reject(new Error('out'));
  await expect(find(WEB, { ...scene.storage, list })).rejects.toThrow('out');
});
