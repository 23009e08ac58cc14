import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, asyncProperty, assert, constantFrom } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveEncryption, MasterKeys, TenantKeys } from '#archive-encryption';
import { readManifest } from '#archive-format';
import type { ArchivedUnit } from '#archived-units';
import { DAY, MergeScene, OF } from '../testing/merge-scene.js';
import { ReplacedUnits } from './replaced-units.js';
import { UnitHealer } from './unit-healer.js';

let directory: string;
let scene: MergeScene;
let said: object[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-compactor-'));
  scene = new MergeScene(directory);
  said = [];
});
afterEach(() => rm(directory, { recursive: true }));

const say = (facts: object): void => void said.push(facts);
const logger = { info: say, warn: say, error: say };
function replaced(): ReplacedUnits {
  const { archived, copies, storage, encryption } = scene;
  return new ReplacedUnits({ archived, copies, storage, encryption, logger, reach: () => {} });
}
const forget = (isHeld = false): Promise<void> => replaced().forget(OF, Infinity, async () => isHeld);
const heal = (): Promise<number> => {
  const { archived, storage, encryption, damaged, key } = scene;
  return new UnitHealer({ archived, storage, encryption, damaged, logger, signingKey: async () => key }).heal(
    OF,
  );
};
const units = async (): Promise<readonly ArchivedUnit[]> => (await scene.archived.now(OF)).units;
const merged = { outcome: 'merged' };

/** Encrypted from now on. */
function encrypt(on = true): void {
  const keys = new MasterKeys('0a'.repeat(32));
  const tenants = new TenantKeys(scene.catalogue, keys);
  scene.encryption = new ArchiveEncryption(keys, { encrypts: on, tenants });
}

async function rot(unit: ArchivedUnit | undefined): Promise<void> {
  scene.objects.set(unit?.files[0]?.key ?? '', Buffer.from('rot'));
}

describe('small files of a day', () => {
  beforeEach(async () => {
    for (const [generation, words] of ['a c', 'b', 'd b'].entries()) await scene.put(generation, words);
  });

  it('become one with a manifest that is signed and says what it replaces, and chains of them name all', async () => {
    const before = await units();
    expect(await scene.merge()).toMatchObject(merged);
    const [unit] = await units();
    expect([await scene.words(), unit?.generation, unit?.events]).toEqual(['a b b c d', 2, 5]);
    const text = scene.objects.get(unit?.manifest.key ?? '') ?? '';
    const { manifest } = readManifest(text, (id) => id === scene.key.id);
    expect(manifest).toMatchObject({
      ...{ format: 3, event_type: { name: 'log', version: 3 }, through: '2'.padStart(32, '0') },
      fingerprint: { events: 5, oldest: '1', newest: '2', sources: [{ source: 'a', events: 5 }] },
      replaces: before.map((one) => ({ generation: one.generation, manifest: one.manifest.sha256 })),
    });
    await scene.put(3, 'e');
    expect(await scene.merge()).toMatchObject(merged);
    const [last] = await units();
    const again = readManifest(scene.objects.get(last?.manifest.key ?? '') ?? '', () => true).manifest;
    expect(again.replaces?.map(({ generation }) => generation)).toEqual([2, 0, 1, 2, 3]);
    expect([await scene.words(), await readdir(directory)]).toEqual(['a b b c d e', []]);
  });

  it.each([
    ['of which one is damaged', () => units().then(([first]) => rot(first)), 'damaged'],
    ['that become others in the engine', () => (scene.made = () => 'a b b c x'), 'refused'],
    ['that lose one in the engine', () => (scene.made = (words) => words.slice(2)), 'refused'],
    ['under a hold that came meanwhile', () => (scene.mayGo = false), 'held'],
    [
      'of which one is deleted meanwhile',
      () => (scene.step = (point) => void (point === 'compact.signed' && trash(1))),
      'changed',
    ],
  ])('%s stay as they are', async (_what, spoil, why) => {
    await spoil();
    const words = await scene.words();
    expect(await scene.merge()).toMatchObject({ outcome: 'not_merged', why });
    if (why !== 'changed') expect(await scene.words()).toBe(words);
    expect((await units()).length).toBe(why === 'changed' ? 2 : 3);
  });

  const trash = (generation: number): Promise<void> =>
    scene.archived.trash(OF, { day: DAY, generation }, { at: '2026-11-06T00:00:00.000Z', order: 'p' });

  it('are encrypted where any of them is, and never written in the clear', async () => {
    encrypt();
    expect(await scene.merge()).toMatchObject(merged);
    const [unit] = await units();
    expect(unit?.files[0]?.key).toMatch(/\.parquet\.enc$/);
    await scene.put(3, 'e');
    encrypt(false);
    expect(await scene.merge()).toMatchObject({
      why: 'refused',
      detail: expect.stringContaining('ENCRYPTION'),
    });
    encrypt();
    expect(await scene.merge()).toMatchObject(merged);
    expect((await units())[0]?.events).toBe(6);
  });

  it('go when nobody reads them any more, not under a hold, and not before the merged one was read back', async () => {
    await scene.merge();
    await forget(true);
    await replaced().forget(OF, 0, async () => false);
    expect(scene.objects.size).toBe(8);
    await forget();
    expect([scene.objects.size, await scene.words()]).toEqual([2, 'a b b c d']);
  });

  it('answer again where the merged one is damaged', async () => {
    await scene.merge();
    await rot((await units())[0]);
    await forget();
    expect([await scene.words(), scene.objects.size]).toEqual(['a b b c d', 6]);
    expect(said).toMatchObject([{ ...OF, err: { code: 'archive_object_damaged' } }]);
    expect(await scene.merge()).toMatchObject(merged);
  });

  it('that an older catalogue knows are found in the merged one, where that has nothing besides', async () => {
    const document = async () => (await scene.catalogue.read('archived-units', 'acme/web'))?.value;
    const restore = async (value: unknown): Promise<void> => {
      await scene.catalogue.write([{ collection: 'archived-units', id: 'acme/web', value: value as object }]);
      const missing = (await units()).flatMap(({ day, generation, manifest, files }) =>
        [manifest, ...files].map(({ key }) => ({
          day,
          generation,
          key,
          what: 'missing' as const,
          since: 'now',
        })),
      );
      await scene.damaged.keep(
        OF,
        missing.filter(({ key }) => !scene.objects.has(key)),
      );
    };
    const old = await document();
    expect(await heal()).toBe(0);
    await scene.merge();
    await forget();
    await restore(old);
    expect(await heal()).toBe(3);
    expect([await scene.words(), (await units()).length]).toEqual(['a b b c d', 1]);
    await forget();
    expect(await scene.words()).toBe('a b b c d');

    await scene.put(3, 'e');
    await scene.merge();
    await forget();
    await restore(old);
    said = [];
    expect([await heal(), (await units()).length]).toEqual([0, 3]);
    expect(said).toMatchObject([{ ...OF, day: DAY, units: 3, events: 5, of_merged: 6 }]);
  });
});

it('whatever comes late, is merged, kept, deleted, brought back or damaged: no event is missing or there twice', async () => {
  const steps = constantFrom('late', 'late', 'merge', 'forget', 'rot', 'hold', 'expire', 'undelete', 'kill');
  const property = asyncProperty(array(steps, { maxLength: 40 }), async (all) => {
    scene = new MergeScene(directory);
    const wanted: string[] = [];
    const gone: string[] = [];
    for (const [generation, step] of all.entries()) {
      const now = await scene.archived.now(OF);
      const taken = now.units.filter((unit) =>
        (now.replaced ?? []).some(({ by }) => by === unit.manifest.key),
      );
      if (step === 'late') {
        await scene.put(generation, `w${generation}`);
        wanted.push(`w${generation}`);
      }
      if (step === 'hold') scene.mayGo = !scene.mayGo;
      if (step === 'merge') await scene.merge();
      if (step === 'kill') await killed();
      if (step === 'forget') await forget(!scene.mayGo);
      // One whose sources are there still, before it was looked at.
      if (step === 'rot' && scene.mayGo && taken.length > 0) {
        await rot(taken[0]);
        await forget();
      }
      if (step === 'expire')
        for (const { day, generation: own } of now.units)
          await scene.archived.trash(OF, { day, generation: own }, { at: `${generation}`, order: 'p' });
      if (step === 'expire') gone.push(...wanted.splice(0));
      if (step === 'undelete') {
        await scene.archived.undelete(OF, () => true);
        wanted.push(...gone.splice(0));
      }
      expect(await scene.words()).toBe(wanted.toSorted().join(' '));
      const { events } = (await scene.archived.now(OF)).expired ?? { events: 0 };
      expect(events).toBe(gone.length);
    }
  });
  await assert(property, { numRuns: 60 });
});

/** Breaks a merge off, and does what the next start does. */
async function killed(): Promise<void> {
  scene.step = (point) => {
    if (point === 'compact.signed') throw new Error('killed');
  };
  await scene.merge().catch(() => undefined);
  scene.step = () => {};
  await scene.archived.abandonMerges(OF);
  await scene.copies.sweep(OF);
}
