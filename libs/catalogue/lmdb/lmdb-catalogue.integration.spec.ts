import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
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
