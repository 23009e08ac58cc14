import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { expect, it } from 'vitest';
import { describeCatalogueContract, type CatalogueHarness } from '../testing/index.js';
import { LmdbCatalogue } from './lmdb-catalogue.js';
import { documentKey } from './lmdb-keys.js';

/** A copy of the files at this moment is what a killed process leaves behind. */
async function startLmdbHarness(): Promise<CatalogueHarness> {
  const root = mkdtempSync(join(tmpdir(), 'alluvium-catalogue-'));
  const catalogue = LmdbCatalogue.open({ directory: join(root, 'before') });
  const opened = [catalogue];
  const copied = join(root, 'after');
  const reopen = (): LmdbCatalogue => {
    const after = LmdbCatalogue.open({ directory: copied });
    opened.push(after);
    return after;
  };
  return {
    catalogue,
    async crash() {
      cpSync(join(root, 'before'), copied, { recursive: true });
      return reopen();
    },
    async damage(collection, id, text) {
      cpSync(join(root, 'before'), copied, { recursive: true });
      const raw = open<string, Buffer>({
        ...{ path: copied, keyEncoding: 'binary', encoding: 'string', noSubdir: false },
      });
      await raw.put(documentKey(collection, id), `1 ${text}`);
      await raw.close();
      return reopen();
    },
    async stop() {
      await Promise.all(opened.map((each) => each.stop()));
      rmSync(root, { recursive: true });
    },
  };
}

describeCatalogueContract('lmdb', startLmdbHarness);

it('lmdb: tells which collections have documents, also one whose name is kept as its hash alone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'alluvium-catalogue-'));
  const catalogue = LmdbCatalogue.open({ directory });
  const names = ['a', 'a-b', 'aa', 'z', 'é'];
  for (const collection of [...names, 'gone'])
    await catalogue.write(['1', '2', '\u0001'].map((id) => ({ collection, id, value: {} })));
  await catalogue.write(['1', '2', '\u0001'].map((id) => ({ collection: 'gone', id, value: undefined })));
  expect(await catalogue.collections()).toEqual(names);
  await catalogue.write([{ collection: 'x'.repeat(950), id: '1', value: {} }]);
  expect(await catalogue.collections()).toEqual(['', ...names]);
  await catalogue.stop();
  rmSync(directory, { recursive: true });
});
