import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeCatalogueContract, type CatalogueHarness } from '../testing/index.js';
import { LmdbCatalogue } from './lmdb-catalogue.js';

/** A copy of the files at this moment is what a killed process leaves behind. */
async function startLmdbHarness(): Promise<CatalogueHarness> {
  const root = mkdtempSync(join(tmpdir(), 'alluvium-catalogue-'));
  const catalogue = LmdbCatalogue.open({ directory: join(root, 'before') });
  const opened = [catalogue];
  return {
    catalogue,
    async crash() {
      cpSync(join(root, 'before'), join(root, 'after'), { recursive: true });
      const after = LmdbCatalogue.open({ directory: join(root, 'after') });
      opened.push(after);
      return after;
    },
    async stop() {
      await Promise.all(opened.map((each) => each.stop()));
      rmSync(root, { recursive: true });
    },
  };
}

describeCatalogueContract('lmdb', startLmdbHarness);
