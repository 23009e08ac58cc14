import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EncryptedAs } from '#archive-encryption';
import { FakeJobQueue } from '../testing/fake-job-queue.js';
import { Scene } from '../testing/scene.js';

const WEB = { tenant: 'acme', stream: 'web' };
const SCHEMA = { columns: [{ name: 'message', type: 'String' }], sorted_by: ['timestamp'] };

let scene: Scene;
beforeEach(async () => {
  place = '';
  scene = new Scene(new FakeJobQueue());
  await scene.streams.create({ tenant: 'acme', name: 'web', eventType: 'log', keepRaw: 'when_needed' });
  for (const day of [1, 2, 3]) await archive(day);
});

/** Before each key: of a tier from outside. */
let place = '';
const folderOf = (day: number): string => `${place}tenant=acme/stream=web/year=2026/month=11/day=0${day}/`;

function put(key: string, text: string) {
  const content = Buffer.from(text);
  scene.objects.set(key, content);
  return { key, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

/** Puts a day of ten bytes with its manifest, as its copy would be. */
async function archive(day: number, name = 'one', encryption?: EncryptedAs): Promise<void> {
  const file = put(`${folderOf(day)}part-${name}.parquet`, `0123456-${day}${name[0]}`);
  const { bytes: _, ...manifest } = put(`${folderOf(day)}_manifest-${name}.json`, `${day} ${name}`);
  const copy = {
    ...{ day: 20_261_100 + day, generation: 0, events: 1, oldest: '1', newest: '1', sources: [] },
    ...{
      through: 'ff',
      manifest,
      files: [{ ...file, events: 1, encryption }],
      copied_at: '2026-11-20T02:00:00.000Z',
    },
  };
  await scene.archived.commit(WEB, copy, SCHEMA);
}

/** The day answers from the archive. */
async function answer(day: number, name = 'one'): Promise<void> {
  const manifest = `${folderOf(day)}_manifest-${name}.json`;
  await scene.archived.answer(WEB, { day: 20_261_100 + day, generation: 0, manifest }, 'now');
}

async function scrub(): Promise<readonly unknown[]> {
  await scene.scrub.run(new AbortController().signal);
  return (await scene.damaged.of(WEB)).map(({ day, key, what }) => [
    ...[day, key.slice(key.lastIndexOf('/') + 1), what],
  ]);
}
const gauge = async () =>
  (await scene.metrics.getSingleMetric('alluvium_archive_damaged_objects')?.get())?.values[0]?.value;
const days = async () => (await scene.archived.now(WEB)).units.map(({ day }) => day);

it('an archive that is as it was put is left alone', async () => {
  expect([await scrub(), await gauge(), (await days()).length]).toEqual([[], 0, 3]);
  expect(await scene.catalogue.read('archive-damage', 'acme/web')).toBeUndefined();
});

it('units of a tier from outside, which lists nothing, are told by their content, until it is whole again', async () => {
  place = 'tier=cold/';
  await archive(4);
  await answer(4);
  expect(await scrub()).toEqual([]);
  const key = `${folderOf(4)}part-one.parquet`;
  const content = scene.objects.get(key) ?? Buffer.alloc(0);
  put(key, 'others');
  expect(await scrub()).toEqual([[20_261_104, 'part-one.parquet', 'changed']]);
  scene.objects.delete(key);
  expect(await scrub()).toEqual([[20_261_104, 'part-one.parquet', 'missing']]);
  scene.scrubBytes = 1;
  expect(await scrub()).toEqual([[20_261_104, 'part-one.parquet', 'missing']]);
  scene.scrubBytes = 1_000;
  scene.objects.set(key, content);
  expect([await scrub(), await gauge()]).toEqual([[], 0]);
});

it('what is encrypted with a key that is not set is told and not given up, until the key is there', async () => {
  const how = { key_id: 'k1', bytes: 4, sha256: 'cc' };
  await scene.archived.withdraw(WEB, { day: 20_261_102, generation: 0 });
  await archive(2, 'one', how);
  for (const _ of [1, 2]) expect(await scrub()).toEqual([[20_261_102, 'part-one.parquet', 'locked']]);
  expect([await gauge(), await days(), scene.auditErrors.length]).toEqual([
    1,
    [20_261_101, 20_261_102, 20_261_103],
    1,
  ]);
  scene.objects.delete(`${folderOf(2)}part-one.parquet`);
  expect(await scrub()).toEqual([[20_261_102, 'part-one.parquet', 'missing']]);
  await archive(2, 'two', how);
  scene.archiveKeys.add('k1');
  expect(await scrub()).toEqual([]);
});

describe('an object that somebody', () => {
  it('removed, or made longer, is told at the next run whatever is read back then', async () => {
    scene.scrubBytes = 1;
    for (const day of [1, 2, 3]) await answer(day);
    scene.objects.delete(`${folderOf(2)}part-one.parquet`);
    scene.objects.delete(`${folderOf(2)}_manifest-one.json`);
    put(`${folderOf(3)}part-one.parquet`, 'longer than it was');
    expect(await scrub()).toEqual([
      [20_261_102, '_manifest-one.json', 'missing'],
      [20_261_102, 'part-one.parquet', 'missing'],
      [20_261_103, 'part-one.parquet', 'changed'],
    ]);
    expect([await gauge(), scene.auditErrors.length]).toEqual([3, 3]);
    await scrub();
    expect(scene.auditErrors.length).toBe(3);
  });

  it('changed without changing its length is found when it is its turn, and told until it is whole again', async () => {
    scene.scrubBytes = 10;
    for (const day of [1, 2, 3]) await answer(day);
    put(`${folderOf(3)}part-one.parquet`, 'XXXXXXXXXX');
    const seen: unknown[][] = [];
    for (let run = 0; run < 4; run += 1) seen.push([...(await scrub())]);
    expect(seen[0]).toEqual([]);
    expect(seen.at(-1)).toEqual([[20_261_103, 'part-one.parquet', 'changed']]);
    put(`${folderOf(3)}part-one.parquet`, '0123456-3o');
    for (let run = 0; run < 4; run += 1) await scrub();
    expect([await scrub(), await days()]).toEqual([[], [20_261_101, 20_261_102, 20_261_103]]);
  });

  it('of a day that is in the search tier too: its copy is given up, and told of until there is another', async () => {
    put(`${folderOf(1)}part-one.parquet`, 'XXXXXXXXXX');
    expect(await scrub()).toEqual([[20_261_101, 'part-one.parquet', 'changed']]);
    expect(await days()).toEqual([20_261_102, 20_261_103]);
    expect(await scrub()).toEqual([[20_261_101, 'part-one.parquet', 'changed']]);
    await archive(1, 'two');
    expect([await scrub(), await gauge()]).toEqual([[], 0]);
  });
});

it('a place that is out is no damage', async () => {
  scene.storage.list = () => Promise.reject(new Error('It is out.'));
  await expect(scrub()).rejects.toThrow('It is out.');
  expect([await scene.damaged.of(WEB), (await days()).length]).toEqual([[], 3]);
});

it('a copy that is given up while the archive is listed is no damage', async () => {
  const { storage } = scene;
  const list = storage.list.bind(storage);
  scene.storage.list = async (...asked) => {
    await scene.archived.withdraw(WEB, { day: 20_261_102, generation: 0 });
    for (const key of [...scene.objects.keys()]) if (key.startsWith(folderOf(2))) scene.objects.delete(key);
    return list(...asked);
  };
  expect(await scrub()).toEqual([]);
});
