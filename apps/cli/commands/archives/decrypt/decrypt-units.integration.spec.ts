import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArchiveEncryption, MasterKeys, NO_ENCRYPTION, TenantKeys } from '#archive-encryption';
import { sealedKey, unitFolder } from '#archive-format';
import { contentOfBytes, contentOfFile } from '#archive-storage';
import { ArchiveScene, makeSigningKey } from '#archived-units/testing';
import { MemoryCatalogue } from '#catalogue/testing';
import { decryptUnits, nothingYet } from './decrypt-units.js';

let directory: string;
let scene: ArchiveScene;
let encryption: ArchiveEncryption;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'alluvium-decrypt-'));
  scene = new ArchiveScene();
  const keys = new MasterKeys('0a'.repeat(32));
  const tenants = new TenantKeys(new MemoryCatalogue(), keys);
  encryption = new ArchiveEncryption(keys, { encrypts: true, tenants });
});
afterEach(() => rm(directory, { recursive: true }));

/** Puts a day whose file is encrypted; the key of that. */
async function putEncrypted(day: number): Promise<string> {
  const place = { tenant: 'acme', stream: 'web', day };
  const path = join(directory, `sealed-${day}`);
  const encrypted = await encryption.seal(contentOfBytes(Buffer.from(`events of ${day}`)), {
    ...{ tenant: 'acme', folder: unitFolder(place), path },
  });
  const content = await contentOfFile(path);
  const { bytes, sha256 } = content;
  const key = sealedKey(place, sha256);
  await scene.storage.put(key, content);
  const files = [{ key, bytes, sha256, events: 3, encryption: encrypted }];
  await scene.put({ day, format: 2, files });
  return key;
}

async function decrypt(more: Partial<Parameters<typeof decryptUnits>[0]> = {}) {
  const done = nothingYet();
  const target = join(directory, 'clear');
  const rest = { wants: () => true, trusts: () => true, ...more };
  await decryptUnits({ storage: scene.storage, encryption, directory: target, ...rest }, done);
  return done;
}

/** What was written, by its path. */
async function written(): Promise<Readonly<Record<string, string>>> {
  const clear = join(directory, 'clear');
  const names = await readdir(clear, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return Object.fromEntries(paths.map((path, n) => [path.slice(clear.length + 1), texts[n] ?? '']));
}

it('encrypted and plain files are in the clear under the folders of their days, for their owner alone', async () => {
  await putEncrypted(20_260_102);
  await scene.put({ day: 20_260_103 });
  expect(await decrypt()).toMatchObject({
    ...{ files: 2, encrypted: 1, events: 6, leftOut: [], streams: ['acme/web'] },
    signedBy: new Set([scene.key.id]),
  });
  const files = await written();
  expect(Object.values(files).toSorted()).toEqual(['20260103-0-', 'events of 20260102']);
  for (const path of Object.keys(files)) {
    expect(path).toMatch(
      /^tenant=acme\/stream=web\/year=2026\/month=01\/day=0[23]\/part-[0-9a-f]{64}\.parquet$/,
    );
    expect((await stat(join(directory, 'clear', path))).mode & 0o777).toBe(0o600);
  }
});

it('only what is wanted, and signed by whom is trusted, is written', async () => {
  await scene.put({ day: 20_260_102 });
  await scene.put({ stream: 'other' });
  await scene.put({ day: 20_260_103 }, makeSigningKey());
  const done = await decrypt({
    ...{ wants: ({ stream }) => stream === 'web', trusts: (id) => id === scene.key.id },
  });
  expect(done).toMatchObject({ files: 1, streams: ['acme/web'] });
  expect(done.leftOut).toEqual([expect.stringMatching(/day=03.*none of this appliance's/)]);
});

it('of two manifests of a day the newer one is taken', async () => {
  await scene.put({ written_at: '2026-01-03T02:00:00.000Z' });
  await scene.put({ written_at: '2026-01-04T02:00:00.000Z' });
  expect(await decrypt()).toMatchObject({ files: 1, leftOut: [] });
  expect(Object.values(await written())).toEqual(['20260101-0-2026-01-04T02:00:00.000Z']);
});

it('what has no key, or is damaged, is left out and told, and nothing of it is there', async () => {
  const key = await putEncrypted(20_260_102);
  expect(await decrypt({ encryption: NO_ENCRYPTION })).toMatchObject({
    ...{ files: 0, leftOut: [expect.stringMatching(`${key}.*ALLUVIUM_ARCHIVE_KEYS_FILE`)] },
  });
  expect(await written()).toEqual({});
  const broken: typeof scene.storage.get = async (wanted, options) =>
    wanted === key
      ? (async function* () {
          const bytes = await readFile(join(directory, 'sealed-20260102'));
          yield bytes.fill(7, bytes.length - 10);
        })()
      : scene.storage.get(wanted, options);
  const storage = { get: broken, list: scene.storage.list.bind(scene.storage) };
  expect(await decrypt({ storage })).toMatchObject({
    ...{ files: 0, leftOut: [expect.stringMatching(`${key} was changed`)] },
  });
  expect(await written()).toEqual({});
});

it('what is there already is not written over', async () => {
  await putEncrypted(20_260_102);
  await decrypt();
  const [path = ''] = Object.keys(await written());
  await writeFile(join(directory, 'clear', path), 'of somebody');
  await expect(decrypt()).rejects.toThrow('EEXIST');
  expect(Object.values(await written())).toEqual(['of somebody']);
});
